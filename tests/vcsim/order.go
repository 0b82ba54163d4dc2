package main

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// order lets one at a time do what posts an event, or destroys a collector of events or gives it another page: this version of the
// simulator locks the manager and then the collectors for the one, a collector and then the manager for the other, and stops for ever
// where they meet. Nor are events read meanwhile, some of which get the number of their chain only after they were posted.
type order struct {
	sync.Mutex
	next http.Handler
}

// Beginnings of the elements that name such methods. What posts events later, in a task, is asked for by commands only.
var ordered = [][]byte{[]byte("<PostEvent"), []byte("<DestroyCollector"), []byte("<SetCollectorPageSize"), []byte("<ReadNextEvents"), []byte("<Login"), []byte("<Logout"), []byte("<TerminateSession")}

func (o *order) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	for _, each := range ordered {
		if bytes.Contains(body, each) {
			o.Lock()
			defer o.Unlock()
			break
		}
	}
	o.next.ServeHTTP(w, r)
}
