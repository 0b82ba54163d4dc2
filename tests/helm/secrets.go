package main

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// checkSecrets: what is secret in the values stands in the data of Secrets and nowhere else: in no ConfigMap, variable, annotation or note.
func checkSecrets(r *rendering, found *report) {
	for _, secret := range secretsOf(r.values) {
		encoded := base64.StdEncoding.EncodeToString([]byte(secret))
		for source, text := range r.texts {
			found.expect(!strings.Contains(text, secret), "%s: writes the secret %q of the values", source, secret)
			if strings.Contains(text, encoded) {
				objects, _ := decode(source, text)
				for _, each := range objects {
					found.expect(each.kind == "Secret" || !strings.Contains(fmt.Sprint(each.raw), encoded), "%s: has the secret %q of the values", each.name(), secret)
				}
			}
		}
	}
}

func secretsOf(values map[string]interface{}) (secrets []string) {
	headers, _ := value(values, "otlpHeaders").(map[string]interface{})
	for _, each := range headers {
		secrets = append(secrets, each.(string))
	}
	endpoints, _ := value(values, "vcenter", "endpoints").([]interface{})
	for _, each := range endpoints {
		if password, is := each.(map[string]interface{})["password"].(string); is {
			secrets = append(secrets, password)
		}
	}
	return secrets
}
