package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/object"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/view"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/types"
)

// command is a line of input. Objects are named by their ids: vm-42.
type command struct {
	Do     string
	VM     string
	Host   string
	Pool   string
	Name   string
	Type   string
	On     bool
	CPUs   int32
	Memory int64 // MiB
	Count  int
	Delay  int            // milliseconds, of every method
	Delays map[string]int // milliseconds, of single ones
	Jitter float64        // standard deviation over mean
	Event  json.RawMessage
	Chain  int32  // of events: the number of their first
	Task   string // its id
	UUID   string // of a virtual machine's BIOS
}

type control struct {
	client   *govmomi.Client
	model    *simulator.Model
	order    *order
	sessions map[string]bool // every one that ever logged in, but for the control's own
	tasks    int             // made for chains
}

func (c *control) do(ctx context.Context, asked *command, answer map[string]interface{}) error {
	if err := c.remember(ctx); err != nil {
		return err
	}
	switch asked.Do {
	case "relocate", "power", "reconfigure", "clone", "create", "destroy", "chain", "task":
		// They post events, or their tasks do.
		c.order.Lock()
		defer c.order.Unlock()
	}
	return c.change(ctx, asked, answer)
}

func (c *control) change(ctx context.Context, asked *command, answer map[string]interface{}) error {
	machine := object.NewVirtualMachine(c.client.Client, ref("VirtualMachine", asked.VM))
	var task *object.Task
	var err error
	switch asked.Do {
	case "list":
		return c.list(ctx, asked.Type, answer)
	case "relocate":
		spec := types.VirtualMachineRelocateSpec{Host: optional("HostSystem", asked.Host), Pool: optional("ResourcePool", asked.Pool)}
		task, err = machine.Relocate(ctx, spec, types.VirtualMachineMovePriorityDefaultPriority)
	case "power":
		if asked.On {
			task, err = machine.PowerOn(ctx)
		} else {
			task, err = machine.PowerOff(ctx)
		}
	case "reconfigure":
		task, err = machine.Reconfigure(ctx, types.VirtualMachineConfigSpec{Name: asked.Name, NumCPUs: asked.CPUs, MemoryMB: asked.Memory, Uuid: asked.UUID})
	case "clone":
		task, err = c.clone(ctx, machine, asked)
	case "create":
		task, err = c.create(ctx, asked)
	case "destroy":
		task, err = machine.Destroy(ctx)
	case "post":
		return c.post(ctx, asked)
	case "chain":
		return c.chain(ctx, asked, answer)
	case "task":
		return c.task(ctx, asked, answer)
	case "about":
		answer["uuid"] = c.client.ServiceContent.About.InstanceUuid
		return nil
	case "terminate":
		return c.terminate(ctx, answer)
	case "delay":
		// Replaced as a whole: requests that are being served read the one before.
		c.model.DelayConfig = simulator.DelayConfig{Delay: asked.Delay, MethodDelay: asked.Delays, DelayJitter: asked.Jitter}
		return nil
	default:
		return fmt.Errorf("unknown command %q", asked.Do)
	}
	if err != nil {
		return err
	}
	info, err := task.WaitForResult(ctx, nil)
	if err != nil {
		return err
	}
	if made, ok := info.Result.(types.ManagedObjectReference); ok {
		answer["id"] = made.Value
		// The simulator makes clones that are off, whatever is asked for.
		if asked.Do == "clone" && asked.On {
			return c.change(ctx, &command{Do: "power", VM: made.Value, On: true}, answer)
		}
	}
	return nil
}

// list tells the ids and names of all entities of a type.
func (c *control) list(ctx context.Context, kind string, answer map[string]interface{}) error {
	container, err := view.NewManager(c.client.Client).CreateContainerView(ctx, c.client.ServiceContent.RootFolder, []string{kind}, true)
	if err != nil {
		return err
	}
	defer func() { _ = container.Destroy(ctx) }()
	var entities []mo.ManagedEntity
	if err := container.Retrieve(ctx, []string{kind}, []string{"name"}, &entities); err != nil {
		return err
	}
	names := map[string]string{}
	for _, each := range entities {
		names[each.Self.Value] = each.Name
	}
	answer["entities"] = names
	return nil
}

func (c *control) clone(ctx context.Context, machine *object.VirtualMachine, command *command) (*object.Task, error) {
	var of mo.VirtualMachine
	if err := machine.Properties(ctx, machine.Reference(), []string{"parent", "resourcePool"}, &of); err != nil {
		return nil, err
	}
	location := types.VirtualMachineRelocateSpec{Pool: of.ResourcePool}
	return machine.Clone(ctx, object.NewFolder(c.client.Client, *of.Parent), command.Name, types.VirtualMachineCloneSpec{Location: location})
}

// create makes a virtual machine beside another: in its folder and pool, on its datastore.
func (c *control) create(ctx context.Context, command *command) (*object.Task, error) {
	machine := object.NewVirtualMachine(c.client.Client, ref("VirtualMachine", command.VM))
	var of mo.VirtualMachine
	if err := machine.Properties(ctx, machine.Reference(), []string{"parent", "resourcePool", "runtime.host", "datastore"}, &of); err != nil {
		return nil, err
	}
	var store mo.Datastore
	if err := machine.Properties(ctx, of.Datastore[0], []string{"name"}, &store); err != nil {
		return nil, err
	}
	spec := types.VirtualMachineConfigSpec{
		Name: command.Name, GuestId: "otherGuest", NumCPUs: command.CPUs, MemoryMB: command.Memory,
		Files: &types.VirtualMachineFileInfo{VmPathName: fmt.Sprintf("[%s]", store.Name)},
	}
	folder := object.NewFolder(c.client.Client, *of.Parent)
	return folder.CreateVM(ctx, spec, object.NewResourcePool(c.client.Client, *of.ResourcePool), object.NewHostSystem(c.client.Client, *of.Runtime.Host))
}

// post posts events of any type that this version can, each a chain of its own.
func (c *control) post(ctx context.Context, command *command) error {
	for i := 0; i < command.Count || i == 0; i++ {
		event, err := made(command.Type, command.Event)
		if err != nil {
			return err
		}
		// The simulator keeps a thousand, those that say who logged in among them.
		if i > 0 && i%500 == 0 {
			if err := c.remember(ctx); err != nil {
				return err
			}
		}
		request := types.PostEvent{This: *c.client.ServiceContent.EventManager, EventToPost: event}
		if _, err := methods.PostEvent(ctx, c.client.Client, &request); err != nil {
			return err
		}
	}
	return nil
}

func ref(kind, id string) types.ManagedObjectReference {
	return types.ManagedObjectReference{Type: kind, Value: id}
}

func optional(kind, id string) *types.ManagedObjectReference {
	if id == "" {
		return nil
	}
	reference := ref(kind, id)
	return &reference
}
