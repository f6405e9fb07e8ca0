#include "skerry_uhid.h"
