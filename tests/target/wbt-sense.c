// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-sense.h"

#include <string.h>

/* SPC-5, "Sense data": response codes of current information */
#define RESPONSE_FIXED	    0x70
#define RESPONSE_DESCRIPTOR 0x72

/* SPC-5, "Sense key specific sense data descriptor" */
#define SKS_DESCRIPTOR_TYPE  0x02
#define SKS_DESCRIPTOR_BYTES 8
#define SKS_SKSV	     0x80
#define SKS_CD		     0x40 /* the field is in the CDB, not in the parameter data */
#define SKS_BPV		     0x08

WbtSense
wbt_invalid_field(uint16_t byte)
{
	return (WbtSense){
	    .key = WBT_KEY_ILLEGAL_REQUEST,
	    .asc = 0x24,
	    .has_field = true,
	    .field_byte = byte,
	    .field_bit = -1,
	};
}

WbtSense
wbt_invalid_field_bit(uint16_t byte, uint8_t bit)
{
	WbtSense sense = wbt_invalid_field(byte);

	sense.field_bit = (int8_t)bit;
	return sense;
}

/* the three bytes of SPC-5, "Field pointer sense key specific information" */
static void
encode_field_pointer(const WbtSense *sense, uint8_t *sks)
{
	if (!sense->has_field)
		return;
	sks[0] = SKS_SKSV | SKS_CD;
	if (sense->field_bit >= 0)
		sks[0] |= SKS_BPV | (uint8_t)sense->field_bit;
	sks[1] = (uint8_t)(sense->field_byte >> 8);
	sks[2] = (uint8_t)sense->field_byte;
}

static size_t
encode_fixed(const WbtSense *sense, uint8_t *buf)
{
	memset(buf, 0, WBT_SENSE_FIXED_BYTES);
	buf[0] = RESPONSE_FIXED;
	buf[2] = sense->key;
	buf[7] = WBT_SENSE_FIXED_BYTES - 8;
	buf[12] = sense->asc;
	buf[13] = sense->ascq;
	encode_field_pointer(sense, buf + 15);
	return WBT_SENSE_FIXED_BYTES;
}

static size_t
encode_descriptor(const WbtSense *sense, uint8_t *buf)
{
	memset(buf, 0, WBT_SENSE_DESCRIPTOR_BYTES);
	buf[0] = RESPONSE_DESCRIPTOR;
	buf[1] = sense->key;
	buf[2] = sense->asc;
	buf[3] = sense->ascq;
	if (!sense->has_field)
		return 8;
	buf[7] = SKS_DESCRIPTOR_BYTES;
	buf[8] = SKS_DESCRIPTOR_TYPE;
	buf[9] = SKS_DESCRIPTOR_BYTES - 2;
	encode_field_pointer(sense, buf + 12);
	return WBT_SENSE_DESCRIPTOR_BYTES;
}

size_t
wbt_sense_encode(const WbtSense *sense, bool descriptor, uint8_t *buf)
{
	return descriptor ? encode_descriptor(sense, buf) : encode_fixed(sense, buf);
}
