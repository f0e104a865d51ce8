/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-identity.h"

/* SPC-4 (INCITS 513): designation descriptor, DESIGNATOR TYPE; the best first, as Linux ranks
 * them for the wwid attribute */
typedef struct {
	guint8 type;
	const gchar *prefix;
} FuScsiWbIdentityDesignator;

static const FuScsiWbIdentityDesignator designators[] = {
    {0x3, "naa"},
    {0x2, "eui"},
    {0x1, "t10"},
};

FuScsiWbIdentity *
fu_scsi_wb_identity_new(void)
{
	FuScsiWbIdentity *self = g_new0(FuScsiWbIdentity, 1);
	self->type = FU_SCSI_WB_PERIPHERAL_TYPE_UNKNOWN;
	return self;
}

/**
 * fu_scsi_wb_identity_copy:
 * @self: a #FuScsiWbIdentity
 *
 * Copies all that is known of a device.
 *
 * Returns: (transfer full): an identity
 **/
FuScsiWbIdentity *
fu_scsi_wb_identity_copy(const FuScsiWbIdentity *self)
{
	FuScsiWbIdentity *copy = fu_scsi_wb_identity_new();

	*copy = *self;
	copy->vendor = g_strdup(self->vendor);
	copy->product = g_strdup(self->product);
	copy->level = g_strdup(self->level);
	copy->revision = g_strdup(self->revision);
	copy->serial = g_strdup(self->serial);
	copy->wwid = g_strdup(self->wwid);
	return copy;
}

void
fu_scsi_wb_identity_free(FuScsiWbIdentity *self)
{
	g_free(self->vendor);
	g_free(self->product);
	g_free(self->level);
	g_free(self->revision);
	g_free(self->serial);
	g_free(self->wwid);
	g_free(self);
}

/**
 * fu_scsi_wb_identity_make_text:
 * @buf: what a device says of itself
 * @bufsz: size of @buf
 *
 * Makes text of it that may stand in a log, on the bus and on a screen. What is not printable is a
 * blank, and so is all that follows a NUL: by the same rule Linux 6.1 makes the attributes in /sys,
 * drivers/scsi/scsi_scan.c, scsi_sanitize_inquiry_string(). By another one a device would not be
 * the one that the kernel knows.
 *
 * Returns: (transfer full) (nullable): ASCII without padding, %NULL if nothing is left
 **/
gchar *
fu_scsi_wb_identity_make_text(const guint8 *buf, gsize bufsz)
{
	g_autoptr(GString) str = g_string_sized_new(bufsz);

	for (gsize i = 0; i < bufsz && buf[i] != '\0'; i++)
		g_string_append_c(str, g_ascii_isprint(buf[i]) ? (gchar)buf[i] : ' ');
	g_strstrip(str->str);
	return *str->str != '\0' ? g_strdup(str->str) : NULL;
}

/* blanks by the standard, NUL and erased memory by habit */
static gboolean
fu_scsi_wb_identity_is_padding(guint8 value)
{
	return value == ' ' || value == 0x00 || value == 0xff;
}

/* two numbers that differ by more than padding never become the same text: by it the device is
 * known again */
static gchar *
fu_scsi_wb_identity_make_serial(const guint8 *buf, gsize bufsz)
{
	gsize offset = 0;
	g_autoptr(GString) str = g_string_new(NULL);

	while (bufsz > 0 && fu_scsi_wb_identity_is_padding(buf[bufsz - 1]))
		bufsz--;
	while (offset < bufsz && fu_scsi_wb_identity_is_padding(buf[offset]))
		offset++;
	for (; offset < bufsz; offset++) {
		if (g_ascii_isprint(buf[offset]) && buf[offset] != '\\')
			g_string_append_c(str, (gchar)buf[offset]);
		else
			g_string_append_printf(str, "\\x%02x", buf[offset]);
	}
	return str->len > 0 ? g_strdup(str->str) : NULL;
}

static void
fu_scsi_wb_identity_take_version(FuScsiWbIdentity *self, const guint8 *buf, gsize bufsz)
{
	const FuScsiWbVersionPlace *place = &self->place;

	if ((gsize)place->offset + place->bytes > bufsz)
		return;
	g_free(self->revision);
	self->revision = fu_scsi_wb_identity_make_text(buf + place->offset, place->bytes);
}

/**
 * fu_scsi_wb_identity_take_level:
 * @self: a #FuScsiWbIdentity
 * @level: (transfer full) (nullable): PRODUCT REVISION LEVEL
 *
 * Takes a revision that is known from elsewhere than the device, and that has to do for the one at
 * the place that a quirk row names.
 **/
void
fu_scsi_wb_identity_take_level(FuScsiWbIdentity *self, gchar *level)
{
	g_free(self->level);
	g_free(self->revision);
	self->level = level;
	self->revision = g_strdup(level);
}

/**
 * fu_scsi_wb_identity_take_revision:
 * @self: a #FuScsiWbIdentity
 * @revision: (transfer full): the firmware that it runs now
 *
 * Takes the revision after an update. If that is a longer version, PRODUCT REVISION LEVEL is not
 * known until the device is asked again.
 **/
void
fu_scsi_wb_identity_take_revision(FuScsiWbIdentity *self, gchar *revision)
{
	g_free(self->level);
	g_free(self->revision);
	self->level = self->place.bytes == 0 ? g_strdup(revision) : NULL;
	self->revision = revision;
}

static void
fu_scsi_wb_identity_take_inquiry_texts(FuScsiWbIdentity *self, const guint8 *buf)
{
	g_free(self->vendor);
	g_free(self->product);
	g_free(self->level);
	self->vendor = fu_scsi_wb_identity_make_text(buf + FU_STRUCT_SCSI_WB_INQUIRY_OFFSET_VENDOR,
						     FU_STRUCT_SCSI_WB_INQUIRY_SIZE_VENDOR);
	self->product =
	    fu_scsi_wb_identity_make_text(buf + FU_STRUCT_SCSI_WB_INQUIRY_OFFSET_PRODUCT,
					  FU_STRUCT_SCSI_WB_INQUIRY_SIZE_PRODUCT);
	self->level = fu_scsi_wb_identity_make_text(buf + FU_STRUCT_SCSI_WB_INQUIRY_OFFSET_REVISION,
						    FU_STRUCT_SCSI_WB_INQUIRY_SIZE_REVISION);
}

/**
 * fu_scsi_wb_identity_parse_inquiry:
 * @self: a #FuScsiWbIdentity, with the place of its version
 * @blob: standard INQUIRY data
 * @error: (nullable): optional return location for an error
 *
 * Takes peripheral type, vendor, product, and the revision unless that is in a VPD page.
 *
 * Returns: %TRUE for success, or %FALSE with @self as it was: an fwupd error if @blob is too
 * short, %FWUPD_ERROR_NOT_SUPPORTED if there is no device behind this logical unit
 **/
gboolean
fu_scsi_wb_identity_parse_inquiry(FuScsiWbIdentity *self, GBytes *blob, GError **error)
{
	gsize bufsz = 0;
	const guint8 *buf = g_bytes_get_data(blob, &bufsz);
	g_autoptr(FuStructScsiWbInquiry) st = NULL;

	if (bufsz == 0) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_INVALID_DATA,
				    "the device gave no INQUIRY data: check power and cable, then "
				    "run fwupdmgr quit, and look at the list again");
		return FALSE;
	}
	st = fu_struct_scsi_wb_inquiry_parse(buf, bufsz, 0x0, error);
	if (st == NULL) {
		g_prefix_error_literal(error, "INQUIRY data too short: ");
		return FALSE;
	}

	/* SPC-4 (INCITS 513): PERIPHERAL QUALIFIER other than 000b is a place without a device */
	if (fu_struct_scsi_wb_inquiry_get_peripheral(st) >> 5 != 0) {
		g_set_error_literal(error,
				    FWUPD_ERROR,
				    FWUPD_ERROR_NOT_SUPPORTED,
				    "no device behind this logical unit");
		return FALSE;
	}
	self->type = fu_struct_scsi_wb_inquiry_get_peripheral(st) & 0x1f;
	self->is_removable = (fu_struct_scsi_wb_inquiry_get_removable(st) & 0x80) > 0;
	fu_scsi_wb_identity_take_inquiry_texts(self, buf);
	g_clear_pointer(&self->revision, g_free);
	if (self->place.bytes == 0)
		self->revision = g_strdup(self->level);
	else if (self->place.page_code == 0)
		fu_scsi_wb_identity_take_version(self, buf, bufsz);
	return TRUE;
}

/* the part of a page behind its header that is there and that the header covers */
static const guint8 *
fu_scsi_wb_identity_get_page(GBytes *blob, guint8 page_code, gsize *page_bytes)
{
	gsize bufsz = 0;
	const guint8 *buf = g_bytes_get_data(blob, &bufsz);
	g_autoptr(FuStructScsiWbVpdHeader) st = NULL;

	if (bufsz <= FU_STRUCT_SCSI_WB_VPD_HEADER_SIZE)
		return NULL;
	st = fu_struct_scsi_wb_vpd_header_parse(buf, bufsz, 0x0, NULL);
	if (st == NULL || fu_struct_scsi_wb_vpd_header_get_page_code(st) != page_code)
		return NULL;
	*page_bytes = MIN(fu_struct_scsi_wb_vpd_header_get_page_length(st),
			  bufsz - FU_STRUCT_SCSI_WB_VPD_HEADER_SIZE);
	return buf + FU_STRUCT_SCSI_WB_VPD_HEADER_SIZE;
}

/**
 * fu_scsi_wb_identity_parse_version:
 * @self: a #FuScsiWbIdentity whose version is in a VPD page
 * @blob: that page
 *
 * Takes the revision. A page that ends before it, or is another page, leaves none.
 **/
void
fu_scsi_wb_identity_parse_version(FuScsiWbIdentity *self, GBytes *blob)
{
	gsize page_bytes = 0;
	const guint8 *page = fu_scsi_wb_identity_get_page(blob, self->place.page_code, &page_bytes);

	g_clear_pointer(&self->revision, g_free);
	if (page == NULL)
		return;

	/* makers count from the first byte of the header */
	fu_scsi_wb_identity_take_version(self,
					 g_bytes_get_data(blob, NULL),
					 page_bytes + FU_STRUCT_SCSI_WB_VPD_HEADER_SIZE);
}

/**
 * fu_scsi_wb_identity_parse_type:
 * @self: an identity
 * @text: (nullable): the peripheral device type as Linux has it in sysfs, a number
 *
 * Takes the peripheral device type.
 *
 * Returns: %FALSE if it is no such number; the type is then as it was
 **/
gboolean
fu_scsi_wb_identity_parse_type(FuScsiWbIdentity *self, const gchar *text)
{
	guint64 type = 0;

	if (text == NULL || !fu_strtoull(text,
					 &type,
					 0,
					 FU_SCSI_WB_PERIPHERAL_TYPE_UNKNOWN,
					 FU_INTEGER_BASE_AUTO,
					 NULL))
		return FALSE;
	self->type = type;
	return TRUE;
}

/**
 * fu_scsi_wb_identity_parse_serial:
 * @self: a #FuScsiWbIdentity
 * @blob: Unit Serial Number VPD page, 80h
 *
 * Takes the serial number, with what is not printable as `\xHH`. A page that is empty or is
 * another page leaves none.
 **/
void
fu_scsi_wb_identity_parse_serial(FuScsiWbIdentity *self, GBytes *blob)
{
	gsize page_bytes = 0;
	const guint8 *page = fu_scsi_wb_identity_get_page(blob, 0x80, &page_bytes);

	g_clear_pointer(&self->serial, g_free);
	if (page == NULL)
		return;
	self->serial = fu_scsi_wb_identity_make_serial(page, page_bytes);
}

static gchar *
fu_scsi_wb_identity_designator_to_string(const FuScsiWbIdentityDesignator *designator,
					 const guint8 *buf,
					 gsize bufsz)
{
	g_autoptr(GString) str = g_string_new(designator->prefix);

	g_string_append_c(str, '.');
	for (gsize i = 0; i < bufsz; i++)
		g_string_append_printf(str, "%02x", buf[i]);
	return g_string_free(g_steal_pointer(&str), FALSE);
}

static gchar *
fu_scsi_wb_identity_find_designator(const FuScsiWbIdentityDesignator *designator,
				    const guint8 *page,
				    gsize page_bytes)
{
	gsize offset = 0;

	while (offset + FU_STRUCT_SCSI_WB_DESIGNATOR_SIZE < page_bytes) {
		guint8 association;
		gsize length_bytes;
		g_autoptr(FuStructScsiWbDesignator) st =
		    fu_struct_scsi_wb_designator_parse(page, page_bytes, offset, NULL);
		if (st == NULL)
			return NULL;
		offset += FU_STRUCT_SCSI_WB_DESIGNATOR_SIZE;
		association = fu_struct_scsi_wb_designator_get_association(st);
		length_bytes = fu_struct_scsi_wb_designator_get_length(st);
		if (length_bytes > page_bytes - offset)
			return NULL;

		/* association 00b is the logical unit, the others are ports and targets; a name
		 * without a byte would be everybody's */
		if (length_bytes > 0 && (association & 0x30) == 0 &&
		    (association & 0x0f) == designator->type)
			return fu_scsi_wb_identity_designator_to_string(designator,
									page + offset,
									length_bytes);
		offset += length_bytes;
	}
	return NULL;
}

/**
 * fu_scsi_wb_identity_parse_wwid:
 * @self: a #FuScsiWbIdentity
 * @blob: Device Identification VPD page, 83h
 *
 * Takes the name of the logical unit that is unique in the world. A page that has none, is damaged
 * or is another page leaves none.
 **/
void
fu_scsi_wb_identity_parse_wwid(FuScsiWbIdentity *self, GBytes *blob)
{
	gsize page_bytes = 0;
	const guint8 *page = fu_scsi_wb_identity_get_page(blob, 0x83, &page_bytes);

	g_clear_pointer(&self->wwid, g_free);
	for (guint i = 0; page != NULL && i < G_N_ELEMENTS(designators); i++) {
		self->wwid = fu_scsi_wb_identity_find_designator(&designators[i], page, page_bytes);
		if (self->wwid != NULL)
			return;
	}
}

/**
 * fu_scsi_wb_identity_add_string:
 * @self: an identity
 * @idt: indentation
 * @str: what to append to
 *
 * Appends what fwupd does not show of a device anyway.
 **/
void
fu_scsi_wb_identity_add_string(const FuScsiWbIdentity *self, guint idt, GString *str)
{
	const gchar *type = fu_scsi_wb_peripheral_type_to_string(self->type);

	fwupd_codec_string_append(str, idt, "PeripheralType", type);
	fwupd_codec_string_append(str, idt, "Wwid", self->wwid);
}

/**
 * fu_scsi_wb_identity_check_same:
 * @self: whom the update is meant for
 * @other: who answers
 * @error: (nullable): optional return location for an error
 *
 * Compares all that @self knows, but for the revision.
 *
 * Returns: %TRUE if both are one device, else %FWUPD_ERROR_NOT_FOUND
 **/
gboolean
fu_scsi_wb_identity_check_same(const FuScsiWbIdentity *self,
			       const FuScsiWbIdentity *other,
			       GError **error)
{
	const struct {
		const gchar *name;
		const gchar *meant;
		const gchar *found;
	} members[] = {
	    {"vendor", self->vendor, other->vendor},
	    {"product", self->product, other->product},
	    {"serial number", self->serial, other->serial},
	    {"unique name", self->wwid, other->wwid},
	};
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		if (members[i].meant == NULL)
			continue;
		if (g_strcmp0(members[i].meant, members[i].found) == 0)
			continue;
		g_set_error(error,
			    FWUPD_ERROR,
			    FWUPD_ERROR_NOT_FOUND,
			    "another device answers at this node: %s is '%s' and should be '%s'",
			    members[i].name,
			    members[i].found != NULL ? members[i].found : "",
			    members[i].meant);
		return FALSE;
	}
	return TRUE;
}
