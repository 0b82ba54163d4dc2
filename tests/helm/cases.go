package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// testCase is one file of cases/: values, and what comes of them.
type testCase struct {
	name string

	Values      map[string]interface{} `json:"values"`
	Release     string                 `json:"release"`
	Namespace   string                 `json:"namespace"`
	KubeVersion string                 `json:"kubeVersion"`

	// Files take the place of those in the chart that are no templates, by path.
	Files map[string]string `json:"files"`
	// Refuses is part of the message that the values are refused with.
	Refuses string `json:"refuses"`
	// Objects are all manifests, as KIND/NAME.
	Objects []string `json:"objects"`
	// Expect is, by KIND/NAME or config/PART, what must be in it: maps are compared key by key, lists of things with a name by that name,
	// other lists whole. ABSENT says that a key is not there.
	Expect map[string]interface{} `json:"expect"`
	// Notes are parts of what Helm says after installing.
	Notes []string `json:"notes"`
}

func (t *testCase) as() release {
	as := release{Name: "observe", Namespace: "monitoring", KubeVersion: "1.34.0"}
	for _, each := range []struct {
		to   *string
		from string
	}{{&as.Name, t.Release}, {&as.Namespace, t.Namespace}, {&as.KubeVersion, t.KubeVersion}} {
		if each.from != "" {
			*each.to = each.from
		}
	}
	return as
}

// readCases reads every file of a directory, by its name, and refused.yaml beside it.
func readCases(directory string) (map[string]*testCase, error) {
	found := map[string]*testCase{}
	paths, err := filepath.Glob(filepath.Join(directory, "*.yaml"))
	for _, path := range paths {
		each := &testCase{}
		if err := readFile(path, each); err != nil {
			return nil, err
		}
		found[strings.TrimSuffix(filepath.Base(path), ".yaml")] = each
	}
	refused := map[string]*testCase{}
	if err == nil {
		err = readFile(filepath.Join(filepath.Dir(directory), "refused.yaml"), &refused)
	}
	for name, each := range refused {
		found["refused."+name] = each
		if each.Refuses == "" {
			return nil, fmt.Errorf("refused.yaml: %s says not what it is refused with", name)
		}
	}
	return found, err
}

func readFile(path string, into interface{}) error {
	text, err := os.ReadFile(path)
	if err == nil {
		err = strictly(text, into)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// run renders a case and compares.
func (t *testCase) run(c *chart, s *schema, found *report) *rendering {
	if t.Files != nil {
		c = c.withFiles(t.Files)
	}
	made, findings, err := install(c, s, t.Values, t.as())
	if t.Refuses != "" {
		found.expect(err != nil && strings.Contains(err.Error(), t.Refuses), "is not refused with %q, but: %v", t.Refuses, err)
		return nil
	}
	found.expect(err == nil, "%v", err)
	if err != nil {
		return nil
	}
	found.findings = append(found.findings, findings...)
	for _, check := range checks {
		check(made, found)
	}
	t.compare(made, found)
	return made
}

func (t *testCase) compare(made *rendering, found *report) {
	if t.Objects != nil {
		wanted := append([]string{}, t.Objects...)
		sort.Strings(wanted)
		found.expect(strings.Join(wanted, " ") == strings.Join(made.names(), " "), "makes %v instead of %v", made.names(), wanted)
	}
	for name, want := range copied(t.Expect) {
		var have interface{}
		if part, is := strings.CutPrefix(name, "config/"); is {
			have = made.configuration(part)
		} else if object := made.object(name); object != nil {
			have = object.raw
		}
		contains(name, have, want, found)
	}
	for source, text := range made.texts {
		for _, note := range t.Notes {
			found.expect(!strings.HasSuffix(source, "NOTES.txt") || strings.Contains(text, note), "does not note %q", note)
		}
	}
}
