// A vCenter simulator on loopback for tests, on Debian's golang-github-vmware-govmomi-dev (0.24.2), told what to do.
//
// Its first line says where it is. Then each line on its input is a command, as JSON, and each is answered with one line:
// {"ok":true,...} or {"error":"..."}. It ends when its input does: never later than who started it.
//
// Build: see the Makefile (GOPATH=/usr/share/gocode GO111MODULE=off; nothing is downloaded).
package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/url"
	"os"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/simulator"
)

const (
	user     = "reader"
	password = "correct horse"
)

func main() {
	datacenters := flag.Int("datacenters", 1, "datacenters")
	clusters := flag.Int("clusters", 1, "clusters of each")
	hosts := flag.Int("hosts", 2, "hosts of each cluster")
	single := flag.Int("single", 1, "hosts of each datacenter that are in no cluster")
	vms := flag.Int("vms", 4, "virtual machines of each cluster and single host")
	pools := flag.Int("pools", 1, "resource pools of each cluster besides its root")
	secure := flag.Bool("tls", false, "HTTPS; with a certificate of its own unless one is given")
	certificate := flag.String("cert", "", "certificate, PEM")
	key := flag.String("key", "", "its key, PEM")
	port := flag.Int("port", 0, "port on loopback; 0 for any that is free")
	flag.Parse()

	model := simulator.VPX()
	model.Datacenter, model.Cluster, model.ClusterHost, model.Host = *datacenters, *clusters, *hosts, *single
	model.Machine, model.Pool = *vms, *pools
	if err := model.Create(); err != nil {
		log.Fatal(err)
	}
	defer model.Remove()
	service := model.Service
	service.Listen = &url.URL{Host: fmt.Sprintf("127.0.0.1:%d", *port), User: url.UserPassword(user, password)}
	if *secure {
		service.TLS = new(tls.Config)
		if *certificate != "" {
			pair, err := tls.LoadX509KeyPair(*certificate, *key)
			if err != nil {
				log.Fatal(err)
			}
			service.TLS.Certificates = []tls.Certificate{pair}
		}
	}
	// Not closed: that waits 5 s for clients that are gone, and the process's end does it at once.
	server := service.NewServer()
	order := &order{next: server.Config.Handler}
	server.Config.Handler = order

	client, err := govmomi.NewClient(context.Background(), server.URL, true)
	if err != nil {
		log.Fatal(err)
	}
	where := *server.URL
	where.User = nil
	fmt.Println(where.String())
	// It tells of every change and every refusal.
	log.SetOutput(io.Discard)
	serve(&control{client: client, model: model, order: order, sessions: map[string]bool{}})
}

// serve answers commands until there are no more.
func serve(control *control) {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 64<<10), 4<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var command command
		answer := map[string]interface{}{"ok": true}
		err := json.Unmarshal(lines.Bytes(), &command)
		if err == nil {
			err = control.do(context.Background(), &command, answer)
		}
		if err != nil {
			answer = map[string]interface{}{"error": err.Error()}
		}
		if err := out.Encode(answer); err != nil {
			return // nobody reads
		}
	}
}
