package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

// This version of the simulator makes every event a chain of its own, and no event of a task. A real one gives all events of an operation,
// and its task, the number of the first. Called with the order held: nobody reads an event between its making and the change.

// chain posts an event of a chain; without one it begins it. It answers with the event's number.
func (c *control) chain(ctx context.Context, command *command, answer map[string]interface{}) error {
	event, err := made(command.Type, command.Event)
	if err != nil {
		return err
	}
	return c.postInChain(ctx, event, command.Chain, answer)
}

func (c *control) postInChain(ctx context.Context, event types.BaseEvent, chain int32, answer map[string]interface{}) error {
	// In this process and not by HTTP: what is posted is then what the simulator keeps.
	request := types.PostEvent{This: *c.client.ServiceContent.EventManager, EventToPost: event}
	if _, err := methods.PostEvent(ctx, c.model.Service, &request); err != nil {
		return err
	}
	if chain != 0 {
		event.GetEvent().ChainId = chain
	}
	answer["key"] = event.GetEvent().Key
	return nil
}

// task brings a task of a chain on: it is queued, which an event tells and which begins the chain, or begun, or done.
func (c *control) task(ctx context.Context, command *command, answer map[string]interface{}) error {
	now := time.Now()
	if command.Name != "" {
		return c.queue(ctx, command, now, answer)
	}
	task, ok := simulator.Map.Get(ref("Task", command.Task)).(*simulator.Task)
	if !ok {
		return fmt.Errorf("no such task: %q", command.Task)
	}
	changes := []types.PropertyChange{{Name: "info.state", Val: types.TaskInfoStateRunning}, {Name: "info.startTime", Val: now}}
	if !command.On {
		changes = []types.PropertyChange{{Name: "info.state", Val: types.TaskInfoStateSuccess}, {Name: "info.completeTime", Val: now}}
	}
	simulator.Map.WithLock(task, func() { simulator.Map.Update(task, changes) })
	return nil
}

func (c *control) queue(ctx context.Context, command *command, now time.Time, answer map[string]interface{}) error {
	c.tasks++
	machine := ref("VirtualMachine", command.VM)
	task := new(simulator.Task)
	task.Self = ref("Task", fmt.Sprintf("task-of-chain-%d", c.tasks))
	task.Info = types.TaskInfo{
		Key: task.Self.Value, Task: task.Self, Name: command.Name, DescriptionId: command.Name, Entity: &machine, EntityName: command.VM,
		State: types.TaskInfoStateQueued, Reason: &types.TaskReasonSystem{}, QueueTime: now,
	}
	event := &types.TaskEvent{Info: task.Info}
	event.Vm = &types.VmEventArgument{EntityEventArgument: types.EntityEventArgument{Name: command.VM}, Vm: machine}
	if err := c.postInChain(ctx, event, 0, answer); err != nil {
		return err
	}
	// Its first event's, which is this one.
	task.Info.EventChainId = event.Key
	event.Info.EventChainId = event.Key
	simulator.Map.Put(task)
	answer["task"] = task.Self.Value
	return nil
}

// made makes an event of a type from its members.
func made(kind string, members json.RawMessage) (types.BaseEvent, error) {
	// Its messages of two types cannot be made, and end the process.
	if kind == "VmMigratedEvent" || kind == "VmBeingMigratedEvent" {
		return nil, fmt.Errorf("%s: this version of the simulator breaks over it; post DrsVmMigratedEvent or EventEx", kind)
	}
	found, ok := types.TypeFunc()(kind)
	if !ok {
		return nil, fmt.Errorf("no such type: %q", kind)
	}
	value := reflect.New(found)
	if len(members) > 0 {
		if err := json.Unmarshal(members, value.Interface()); err != nil {
			return nil, err
		}
	}
	event, ok := value.Interface().(types.BaseEvent)
	if !ok {
		return nil, fmt.Errorf("%s is no event", kind)
	}
	return event, nil
}
