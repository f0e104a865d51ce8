// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include <stdint.h>

/* big endian fields, as everywhere in SCSI */

static inline uint32_t
wbt_get_be24(const uint8_t *buf)
{
	return (uint32_t)buf[0] << 16 | (uint32_t)buf[1] << 8 | buf[2];
}

static inline uint32_t
wbt_get_be32(const uint8_t *buf)
{
	return (uint32_t)buf[0] << 24 | wbt_get_be24(buf + 1);
}

static inline uint64_t
wbt_get_be64(const uint8_t *buf)
{
	return (uint64_t)wbt_get_be32(buf) << 32 | wbt_get_be32(buf + 4);
}

static inline uint16_t
wbt_get_be16(const uint8_t *buf)
{
	return (uint16_t)(buf[0] << 8 | buf[1]);
}

static inline void
wbt_put_be16(uint8_t *buf, uint16_t value)
{
	buf[0] = (uint8_t)(value >> 8);
	buf[1] = (uint8_t)value;
}

static inline void
wbt_put_be24(uint8_t *buf, uint32_t value)
{
	buf[0] = (uint8_t)(value >> 16);
	wbt_put_be16(buf + 1, (uint16_t)value);
}

static inline void
wbt_put_be32(uint8_t *buf, uint32_t value)
{
	wbt_put_be16(buf, (uint16_t)(value >> 16));
	wbt_put_be16(buf + 2, (uint16_t)value);
}

static inline void
wbt_put_be64(uint8_t *buf, uint64_t value)
{
	wbt_put_be32(buf, (uint32_t)(value >> 32));
	wbt_put_be32(buf + 4, (uint32_t)value);
}
