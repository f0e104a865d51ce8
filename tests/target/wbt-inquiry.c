// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include <string.h>

#include "wbt-bytes.h"
#include "wbt-command.h"

/* SPC-5, "INQUIRY command" */
#define STANDARD_BYTES 96
#define FLAG_EVPD      0x01
#define FLAG_RMB       0x80
#define FORMAT_SPC     0x02 /* RESPONSE DATA FORMAT */

#define VPD_SUPPORTED 0x00
#define VPD_SERIAL    0x80
#define VPD_IDENTITY  0x83
#define VPD_EXTENDED  0x86

/* SPC-5, "Device Identification VPD page" */
#define CODE_SET_BINARY	  0x01
#define CODE_SET_ASCII	  0x02
#define DESIGNATOR_T10	  0x01
#define DESIGNATOR_NAA	  0x03
#define NAA_LOCAL	  0x30 /* high nibble of byte 0: locally assigned */
#define NAA_BYTES	  8
#define VPD_HEADER_BYTES  4
#define DESIGNATOR_HEADER 4

/* SPC-5, "Extended INQUIRY Data VPD page" */
#define EXTENDED_BYTES 64
#define EVENTS_SHIFT   5 /* POA_SUP, HRA_SUP and VSA_SUP are bits 7:5 of byte 12 */
#define DMS_VALID      0x10

static const struct {
	uint8_t mode;
	uint8_t bit;
} mode_bits[] = {
    {WBT_MODE_DOWNLOAD, 0x80},
    {WBT_MODE_DOWNLOAD_SAVE, 0x40},
    {WBT_MODE_DOWNLOAD_OFFSETS, 0x20},
    {WBT_MODE_DOWNLOAD_OFFSETS_SAVE, 0x10},
    {WBT_MODE_DOWNLOAD_SELECT_EVENTS, 0x08},
    {WBT_MODE_DOWNLOAD_DEFER, 0x04},
    {WBT_MODE_ACTIVATE, 0x02},
};

static void
answer(WbtCommand *cmd, const uint8_t *buf, size_t buf_bytes)
{
	wbt_command_answer(cmd, buf, buf_bytes, wbt_get_be16(cmd->cdb + 3));
}

static void
put_long_version(const WbtCommand *cmd, uint8_t *field)
{
	const WbtLongVersion *version = cmd->model->long_version;
	g_autofree char *text =
	    g_strdup_printf("%s%s", version->prefix, cmd->microcode->active_revision);

	wbt_pad_field(field, version->bytes, text);
}

static bool
has_long_version_at(const WbtModel *model, uint8_t page_code)
{
	return model->long_version != NULL && model->long_version->page_code == page_code;
}

static WbtSense
standard(WbtCommand *cmd)
{
	const WbtModel *model = cmd->model;
	const char *level = cmd->microcode->active_revision;
	uint8_t buf[STANDARD_BYTES] = {0};

	buf[0] = model->peripheral_type;
	buf[1] = model->removable ? FLAG_RMB : 0;
	buf[2] = model->version;
	buf[3] = FORMAT_SPC;
	buf[4] = STANDARD_BYTES - 5;
	buf[7] = 0x02; /* CMDQUE */
	wbt_pad_field(buf + 8, WBT_VENDOR_BYTES, model->vendor);
	wbt_pad_field(buf + 16, WBT_PRODUCT_BYTES, model->product);
	if (model->long_version != NULL && model->long_version->level_stays)
		level = model->revision;
	wbt_pad_field(buf + 32, WBT_IMAGE_REVISION_BYTES, level);
	if (has_long_version_at(model, 0))
		put_long_version(cmd, buf + model->long_version->offset);
	answer(cmd, buf, sizeof(buf));
	return WBT_GOOD;
}

static void
put_vpd_header(const WbtCommand *cmd, uint8_t *buf, size_t page_bytes)
{
	buf[0] = cmd->model->peripheral_type;
	buf[1] = cmd->cdb[2];
	wbt_put_be16(buf + 2, (uint16_t)(page_bytes - VPD_HEADER_BYTES));
}

static bool
has_page(const WbtModel *model, unsigned int page_code)
{
	if (page_code == VPD_EXTENDED)
		return model->vpd_extended;
	if (model->maker_page_code != 0 && page_code == model->maker_page_code)
		return true;
	return page_code == VPD_SUPPORTED || page_code == VPD_SERIAL || page_code == VPD_IDENTITY;
}

static WbtSense
vpd_supported(WbtCommand *cmd)
{
	uint8_t buf[VPD_HEADER_BYTES + 256] = {0};
	size_t bytes = VPD_HEADER_BYTES;

	for (unsigned int page_code = 0; page_code <= UINT8_MAX; page_code++) {
		if (has_page(cmd->model, page_code))
			buf[bytes++] = (uint8_t)page_code;
	}
	put_vpd_header(cmd, buf, bytes);
	answer(cmd, buf, bytes);
	return WBT_GOOD;
}

static WbtSense
vpd_serial(WbtCommand *cmd)
{
	uint8_t buf[VPD_HEADER_BYTES + 64] = {0};
	size_t serial_bytes = MIN(strlen(cmd->serial), sizeof(buf) - VPD_HEADER_BYTES);

	memcpy(buf + VPD_HEADER_BYTES, cmd->serial, serial_bytes);
	put_vpd_header(cmd, buf, VPD_HEADER_BYTES + serial_bytes);
	answer(cmd, buf, VPD_HEADER_BYTES + serial_bytes);
	return WBT_GOOD;
}

/* a world wide name of our own: the same device has the same one, two devices differ */
static void
put_naa(const WbtCommand *cmd, uint8_t naa[NAA_BYTES])
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	uint8_t digest[32];
	gsize digest_bytes = sizeof(digest);

	g_checksum_update(sum, (const guchar *)cmd->model->vendor, -1);
	g_checksum_update(sum, (const guchar *)cmd->model->product, -1);
	g_checksum_update(sum, (const guchar *)cmd->serial, -1);
	g_checksum_get_digest(sum, digest, &digest_bytes);
	memcpy(naa, digest, NAA_BYTES);
	naa[0] = NAA_LOCAL | (naa[0] & 0x0F);
}

static WbtSense
vpd_identity(WbtCommand *cmd)
{
	uint8_t buf[VPD_HEADER_BYTES + 2 * DESIGNATOR_HEADER + NAA_BYTES + 8 + 16 + 64] = {0};
	uint8_t *naa = buf + VPD_HEADER_BYTES;
	uint8_t *t10 = naa + DESIGNATOR_HEADER + NAA_BYTES;
	size_t serial_bytes = MIN(strlen(cmd->serial), 64);
	size_t t10_bytes = WBT_VENDOR_BYTES + WBT_PRODUCT_BYTES + serial_bytes;
	size_t page_bytes = (size_t)(t10 - buf) + DESIGNATOR_HEADER + t10_bytes;

	naa[0] = CODE_SET_BINARY;
	naa[1] = DESIGNATOR_NAA;
	naa[3] = NAA_BYTES;
	put_naa(cmd, naa + DESIGNATOR_HEADER);
	t10[0] = CODE_SET_ASCII;
	t10[1] = DESIGNATOR_T10;
	t10[3] = (uint8_t)t10_bytes;
	t10 += DESIGNATOR_HEADER;
	wbt_pad_field(t10, WBT_VENDOR_BYTES, cmd->model->vendor);
	wbt_pad_field(t10 + WBT_VENDOR_BYTES, WBT_PRODUCT_BYTES, cmd->model->product);
	memcpy(t10 + WBT_VENDOR_BYTES + WBT_PRODUCT_BYTES, cmd->serial, serial_bytes);
	put_vpd_header(cmd, buf, page_bytes);
	answer(cmd, buf, page_bytes);
	return WBT_GOOD;
}

static WbtSense
vpd_extended(WbtCommand *cmd)
{
	const WbtModel *model = cmd->model;
	uint8_t buf[EXTENDED_BYTES] = {0};
	size_t bytes = model->vpd_bytes != 0 ? model->vpd_bytes : sizeof(buf);

	if (!model->vpd_extended)
		return wbt_invalid_field(2);
	put_vpd_header(cmd, buf, bytes);
	buf[4] = (uint8_t)(model->activate_code << 6);
	buf[12] = (uint8_t)(wbt_model_events(model) << EVENTS_SHIFT);
	buf[12] |= model->vpd_modes_valid ? DMS_VALID : 0;
	for (size_t i = 0; i < G_N_ELEMENTS(mode_bits); i++) {
		if (wbt_model_rule(model, mode_bits[i].mode) != NULL)
			buf[19] |= mode_bits[i].bit;
	}
	buf[19] ^= model->vpd_modes_wrong;
	answer(cmd, buf, MIN(bytes, sizeof(buf)));
	return WBT_GOOD;
}

static WbtSense
vpd_maker(WbtCommand *cmd)
{
	const WbtModel *model = cmd->model;
	uint8_t buf[VPD_HEADER_BYTES + 252] = {0};
	size_t bytes = MIN(model->maker_page_bytes, sizeof(buf) - VPD_HEADER_BYTES);

	memcpy(buf + VPD_HEADER_BYTES, model->maker_page, bytes);
	put_vpd_header(cmd, buf, VPD_HEADER_BYTES + bytes);
	answer(cmd, buf, VPD_HEADER_BYTES + bytes);
	return WBT_GOOD;
}

static WbtSense
vpd_long_version(WbtCommand *cmd)
{
	const WbtLongVersion *version = cmd->model->long_version;
	uint8_t buf[VPD_HEADER_BYTES + 252] = {0};
	size_t page_bytes = (size_t)version->offset + version->bytes;

	put_vpd_header(cmd, buf, page_bytes);
	put_long_version(cmd, buf + version->offset);
	answer(cmd, buf, page_bytes);
	return WBT_GOOD;
}

WbtSense
wbt_inquiry(WbtCommand *cmd)
{
	bool evpd = cmd->cdb[1] & FLAG_EVPD;

	if (!evpd)
		return cmd->cdb[2] == 0 ? standard(cmd) : wbt_invalid_field(2);
	if (cmd->cdb[2] != 0 && cmd->cdb[2] == cmd->model->maker_page_code)
		return vpd_maker(cmd);
	if (cmd->cdb[2] != 0 && has_long_version_at(cmd->model, cmd->cdb[2]))
		return vpd_long_version(cmd);
	switch (cmd->cdb[2]) {
	case VPD_SUPPORTED:
		return vpd_supported(cmd);
	case VPD_SERIAL:
		return vpd_serial(cmd);
	case VPD_IDENTITY:
		return vpd_identity(cmd);
	case VPD_EXTENDED:
		return vpd_extended(cmd);
	default:
		return wbt_invalid_field(2);
	}
}
