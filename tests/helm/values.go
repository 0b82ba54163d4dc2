package main

import "encoding/json"

// coalesce lays what a user gives over the chart's values, as Helm does: maps into maps, null removes a key, everything else takes
// the place of what was there.
func coalesce(defaults, given map[string]interface{}) map[string]interface{} {
	result := copied(defaults)
	overlay(result, copied(given))
	return result
}

func overlay(under, over map[string]interface{}) {
	for key, value := range over {
		section, isMap := value.(map[string]interface{})
		old, wasMap := under[key].(map[string]interface{})
		switch {
		case value == nil:
			delete(under, key)
		case isMap && wasMap:
			overlay(old, section)
		default:
			under[key] = value
		}
	}
}

// copied is a deep copy, with numbers as they come from JSON: Helm's are float64 too.
func copied(value map[string]interface{}) map[string]interface{} {
	result := map[string]interface{}{}
	if value == nil {
		return result
	}
	text, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(text, &result)
	}
	if err != nil {
		panic(err) // of values that were read from JSON
	}
	return result
}
