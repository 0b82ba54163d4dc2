package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Keys of the agent that the chart sets itself, or that have a place of their own in its values.
var chartsOwn = map[string]bool{
	"listen": true, "otlp.headers": true, "collectors.cgroup.root": true, "collectors.kubernetes.node": true,
	"collectors.vcenter.endpoints": true, "collectors.vcenter.stateDirectory": true,
}

var keyRow = regexp.MustCompile("(?m)^\\| `([a-z][A-Za-z.]*)` \\| [^|]+ \\| [^|]+ \\|$")

// checkKeys: config in the values takes every key of the agent, as docs/configuration.md has them, and no other.
func checkKeys(c *chart, tree string, found *report) {
	text, err := os.ReadFile(filepath.Join(tree, "docs/configuration.md"))
	found.expect(err == nil, "%v", err)
	documented := map[string]bool{}
	for _, row := range keyRow.FindAllStringSubmatch(string(text), -1) {
		documented[row[1]] = true
	}
	found.expect(len(documented) > 40, "docs/configuration.md: %d keys found: its table is written differently", len(documented))
	var document map[string]interface{}
	err = json.Unmarshal(c.schema, &document)
	found.expect(err == nil, "%v", err)
	known := map[string]bool{}
	for _, path := range [][]string{{"config"}, {"agent", "config"}, {"vcenter", "config"}} {
		at := document
		for _, key := range path {
			at = at["properties"].(map[string]interface{})[key].(map[string]interface{})
		}
		leaves(document, at, "", known)
	}
	for key := range documented {
		found.expect(known[key] != chartsOwn[key], "%s is in docs/configuration.md, and config in values.schema.json does not take it (or takes what the chart sets itself)", key)
	}
	for key := range known {
		found.expect(documented[key], "%s is in values.schema.json, and not in docs/configuration.md", key)
	}
}

// leaves notes the keys that a schema takes, dotted.
func leaves(document, at map[string]interface{}, path string, known map[string]bool) {
	if name, is := at["$ref"].(string); is {
		at = document["definitions"].(map[string]interface{})[strings.TrimPrefix(name, "#/definitions/")].(map[string]interface{})
	}
	properties, isSection := at["properties"].(map[string]interface{})
	if !isSection {
		known[path] = true
		return
	}
	for key, each := range properties {
		leaves(document, each.(map[string]interface{}), strings.TrimPrefix(path+"."+key, "."), known)
	}
}

// checkDefaults: every value that the schema knows has its default, and with it its explanation, in values.yaml.
func checkDefaults(c *chart, found *report) {
	var document map[string]interface{}
	err := json.Unmarshal(c.schema, &document)
	found.expect(err == nil, "%v", err)
	defaults(document, document, c.values, "", found)
}

func defaults(document, at, values map[string]interface{}, path string, found *report) {
	properties, _ := at["properties"].(map[string]interface{})
	for key, each := range properties {
		name := strings.TrimPrefix(path+"."+key, ".")
		section := each.(map[string]interface{})
		if reference, is := section["$ref"].(string); is {
			section = document["definitions"].(map[string]interface{})[strings.TrimPrefix(reference, "#/definitions/")].(map[string]interface{})
		}
		// Of configuration, of objects as Kubernetes has them, and of what Helm passes on, the defaults are theirs.
		if name == "global" || key == "config" || isTheirs[key] {
			continue
		}
		_, there := values[key]
		found.expect(there, "%s is in values.schema.json, and not in values.yaml", name)
		below, is := values[key].(map[string]interface{})
		if is && len(below) > 0 {
			defaults(document, section, below, name, found)
		}
	}
}

var isTheirs = map[string]bool{"initialDelaySeconds": true, "successThreshold": true, "localhostProfile": true}

// carried are files that the chart has copies of, because Helm takes none from outside of it.
var carried = []struct{ what, pattern, originals string }{
	{"prometheusRule", "files/prometheus/*.yaml", "deploy/prometheus"},
	{"dashboards", "files/dashboards/*.json", "dashboards"},
}

// checkCopies: the chart carries the rules and the dashboards as they are, and makes an object of each.
func checkCopies(c *chart, s *schema, tree string, found *report) {
	for _, each := range carried {
		copies := c.files.Glob(each.pattern)
		directory, suffix := filepath.Split(each.pattern)
		paths, err := filepath.Glob(filepath.Join(tree, each.originals, suffix))
		found.expect(err == nil, "%v", err)
		originals := map[string]bool{}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			found.expect(err == nil, "%v", err)
			originals[directory+filepath.Base(path)] = true
			found.expect(copies.Get(directory+filepath.Base(path)) == string(text), "the chart's copy of %s differs, or is not there: make chart", path)
		}
		for name := range copies {
			found.expect(originals[name], "%s has no original in %s: make chart", name, each.originals)
		}
		if len(copies) == 0 {
			continue
		}
		without := (&testCase{}).run(c, s, found)
		with := (&testCase{Values: map[string]interface{}{"metrics": map[string]interface{}{each.what: map[string]interface{}{"enabled": true}}}}).run(c, s, found)
		found.expect(with != nil && without != nil && len(with.objects)-len(without.objects) == len(copies), "not every file of %s becomes an object", each.originals)
	}
}

// checkVersion: the chart installs the agent that it is beside.
func checkVersion(c *chart, tree string, found *report) {
	text, err := os.ReadFile(filepath.Join(tree, "Directory.Build.props"))
	found.expect(err == nil, "%v", err)
	version := fmt.Sprintf("<Version>%v</Version>", c.meta["appVersion"])
	found.expect(strings.Contains(string(text), version), "Chart.yaml: appVersion is %v, and that of Directory.Build.props is another", c.meta["appVersion"])
}
