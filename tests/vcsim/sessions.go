package main

import (
	"context"

	"github.com/vmware/govmomi/session"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

// remember learns the keys of sessions from the events of their logins: this version lists them nowhere.
func (c *control) remember(ctx context.Context) error {
	own, err := session.NewManager(c.client.Client).UserSession(ctx)
	if err != nil {
		return err
	}
	request := types.QueryEvents{This: *c.client.ServiceContent.EventManager, Filter: types.EventFilterSpec{MaxCount: 1000}}
	found, err := methods.QueryEvents(ctx, c.client.Client, &request)
	if err != nil {
		return err
	}
	for _, each := range found.Returnval {
		login, ok := each.(*types.UserLoginSessionEvent)
		if ok && login.SessionId != own.Key {
			c.sessions[login.SessionId] = true
		}
	}
	return nil
}

// terminate ends all sessions but the control's own; those that are over by themselves are no error.
func (c *control) terminate(ctx context.Context, answer map[string]interface{}) error {
	count := 0
	for key := range c.sessions {
		request := types.TerminateSession{This: *c.client.ServiceContent.SessionManager, SessionId: []string{key}}
		if _, err := methods.TerminateSession(ctx, c.client.Client, &request); err == nil {
			count++
		}
	}
	answer["count"] = count
	return nil
}
