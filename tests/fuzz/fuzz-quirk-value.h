/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <fwupdplugin.h>

/**
 * fuzz_quirk_value_is_good:
 * @key: the name of a key
 * @value: what stands behind it
 *
 * What the README of the plugin says of the keys and their values, read once more.
 *
 * Returns: 1 if it is taken, 0 if it is refused, -1 if there is no such key
 **/
gint
fuzz_quirk_value_is_good(const gchar *key, const gchar *value);
