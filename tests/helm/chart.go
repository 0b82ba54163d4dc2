package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"sigs.k8s.io/yaml"
)

// chart is what Helm loads of a chart's directory.
type chart struct {
	meta      map[string]interface{}
	values    map[string]interface{}
	schema    []byte
	templates map[string]string  // by path in the chart
	root      *template.Template // of all of them, once they are parsed
	files     files
}

func loadChart(directory string) (*chart, error) {
	sources := map[string]string{}
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(directory, path)
		sources[relative] = string(content)
		return err
	})
	if err != nil {
		return nil, err
	}
	return parseChart(sources)
}

func parseChart(sources map[string]string) (*chart, error) {
	loaded := &chart{schema: []byte(sources["values.schema.json"]), templates: map[string]string{}, files: files{}}
	for name, into := range map[string]*map[string]interface{}{"Chart.yaml": &loaded.meta, "values.yaml": &loaded.values} {
		if err := yaml.UnmarshalStrict([]byte(sources[name]), into); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for path, content := range sources {
		switch {
		case strings.HasPrefix(path, "templates/"):
			loaded.templates[path] = content
		case path != "Chart.yaml" && path != "values.yaml" && path != "values.schema.json" && path != ".helmignore":
			loaded.files[path] = []byte(content)
		}
	}
	return loaded, nil
}

// withFiles is the chart with other files beside its templates.
func (c *chart) withFiles(contents map[string]string) *chart {
	changed := *c
	changed.files = files{}
	for path, content := range contents {
		changed.files[path] = []byte(content)
	}
	return &changed
}

// with is the chart with a text in one of its templates replaced.
func (c *chart) with(path, text, replacement string) (*chart, error) {
	changed := *c
	source, found := c.templates[path]
	if !found || !strings.Contains(source, text) {
		return nil, fmt.Errorf("%s has no %q to break", path, text)
	}
	changed.templates, changed.root = map[string]string{}, nil
	for each, content := range c.templates {
		changed.templates[each] = content
	}
	changed.templates[path] = strings.ReplaceAll(source, text, replacement)
	return &changed, nil
}
