// SPDX-License-Identifier: GPL-2.0
#define KIND "tracepoint/kvm/"
#include "kvm_empty.h"
