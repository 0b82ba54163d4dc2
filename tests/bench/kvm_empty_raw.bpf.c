// SPDX-License-Identifier: GPL-2.0
#define KIND "raw_tp/"
#include "kvm_empty.h"
