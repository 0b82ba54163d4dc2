package main

import (
	"fmt"
	"reflect"
)

// absent is what a case writes for a key that must not be there.
const absent = "ABSENT"

// contains compares what is there with what a case wants of it.
func contains(at string, have, want interface{}, found *report) {
	switch want := want.(type) {
	case map[string]interface{}:
		section, is := have.(map[string]interface{})
		found.expect(is, "%s: is %v and no section", at, have)
		if !is {
			return
		}
		for key, each := range want {
			if each == absent {
				_, there := section[key]
				found.expect(!there, "%s %s: is there: %v", at, key, section[key])
				continue
			}
			contains(at+" "+key, section[key], each, found)
		}
	case []interface{}:
		list, is := have.([]interface{})
		if !is || !isNamedList(want) {
			found.expect(reflect.DeepEqual(have, interface{}(want)), "%s: is %v instead of %v", at, have, want)
			return
		}
		for _, each := range want {
			name := each.(map[string]interface{})["name"]
			one := named(list, name)
			if each.(map[string]interface{})[absent] == true {
				found.expect(one == nil, "%s %v: is there", at, name)
				continue
			}
			contains(fmt.Sprintf("%s %v", at, name), one, each, found)
		}
	default:
		found.expect(reflect.DeepEqual(have, want), "%s: is %v instead of %v", at, have, want)
	}
}

func isNamedList(list []interface{}) bool {
	for _, each := range list {
		section, is := each.(map[string]interface{})
		if !is || section["name"] == nil {
			return false
		}
	}
	return len(list) > 0
}

func named(list []interface{}, name interface{}) interface{} {
	for _, each := range list {
		if section, is := each.(map[string]interface{}); is && section["name"] == name {
			return section
		}
	}
	return nil
}
