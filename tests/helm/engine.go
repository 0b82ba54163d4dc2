package main

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

// release is .Release, as far as charts may look at it, and the cluster.
type release struct {
	Name        string
	Namespace   string
	KubeVersion string
}

// render executes every template as Helm's engine does, and returns what each made, by path. Unlike Helm it fails where a value that does not
// exist is written, and where text that is no YAML is read as such.
func (c *chart) render(values map[string]interface{}, as release) (map[string]string, error) {
	root, names, err := c.parsed()
	if err != nil {
		return nil, err
	}
	made := map[string]string{}
	for _, name := range names {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		var text bytes.Buffer
		if err := root.ExecuteTemplate(&text, name, c.context(name, values, as)); err != nil {
			return nil, err
		}
		if strings.Contains(text.String(), "<no value>") {
			return nil, fmt.Errorf("%s: writes a value that does not exist", name)
		}
		made[name] = text.String()
	}
	return made, nil
}

// parsed are the templates and their names, in order; parsed once for each chart.
func (c *chart) parsed() (*template.Template, []string, error) {
	names := sortedKeys(c.templates)
	if c.root != nil {
		return c.root, names, nil
	}
	root := template.New("chart").Option("missingkey=zero")
	root.Funcs(functions(root))
	for _, name := range names {
		if _, err := root.New(name).Parse(c.templates[name]); err != nil {
			return nil, nil, err
		}
	}
	c.root = root
	return root, names, nil
}

func (c *chart) context(name string, values map[string]interface{}, as release) map[string]interface{} {
	return map[string]interface{}{
		"Values":   values,
		"Chart":    map[string]interface{}{"Name": c.meta["name"], "Version": c.meta["version"], "AppVersion": c.meta["appVersion"]},
		"Release":  map[string]interface{}{"Name": as.Name, "Namespace": as.Namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
		"Files":    c.files,
		"Template": map[string]interface{}{"Name": name, "BasePath": "templates"},
		"Capabilities": map[string]interface{}{
			"KubeVersion": map[string]interface{}{"Version": "v" + as.KubeVersion},
		},
	}
}

// functions are those of a template in a chart: sprig's, less what reads the environment or the network, and Helm's own.
func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(all, name)
	}
	all["include"] = func(name string, data interface{}) (string, error) {
		var text bytes.Buffer
		err := root.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	all["fail"] = func(why string) (string, error) { return "", errors.New(why) }
	all["required"] = func(why string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, errors.New(why)
		}
		return value, nil
	}
	all["toYaml"] = func(value interface{}) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	all["fromYaml"] = func(text string) (map[string]interface{}, error) {
		value := map[string]interface{}{}
		return value, yaml.UnmarshalStrict([]byte(text), &value)
	}
	all["fromYamlArray"] = func(text string) ([]interface{}, error) {
		value := []interface{}{}
		return value, yaml.UnmarshalStrict([]byte(text), &value)
	}
	return all
}
