package main

// checks hold for whatever values a user may give.
var checks = []func(*rendering, *report){
	checkMetadata,
	checkSelectors,
	checkVolumes,
	checkAccounts,
	checkContainers,
	checkPrivileges,
	checkHost,
	checkVCenterIsRestricted,
	checkRoles,
	checkSecrets,
	checkNetwork,
	checkConfigurations,
	checkMonitors,
}
