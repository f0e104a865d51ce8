// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#include "wbt-book.h"

#include <glib.h>

/* HGST Ultrastar C15K600, Hard Disk Drive Specification: front page */
static const char *const hgst_c15k600_products[] = {
    "HUC156060CSS201", "HUC156060CSS204", "HUC156060CSS205", "HUC156060CS4200",
    "HUC156060CS4201", "HUC156060CS4204", "HUC156060CS4205", "HUC156045CSS200",
    "HUC156045CSS201", "HUC156045CSS204", "HUC156045CSS205", "HUC156045CS4200",
    "HUC156045CS4201", "HUC156045CS4204", "HUC156045CS4205", "HUC156030CSS200",
    "HUC156030CSS201", "HUC156030CSS204", "HUC156030CSS205", "HUC156030CS4200",
    "HUC156030CS4201", "HUC156030CS4204", "HUC156030CS4205", NULL,
};

/* HGST Ultrastar 7K4000 (SAS), Hard Disk Drive Specification, version 1.8: front page */
static const char *const hgst_7k4000_products[] = {
    "HUS724040ALS641",
    "HUS724030ALS640",
    "HUS724030ALS641",
    "HUS724020ALS640",
    "HUS724020ALS641",
    NULL,
};

/* front pages of the 15K450 (FC-AL) specification, whose modes are the same: 19.59, page 293 */
static const char *const hitachi_products[] = {"HUS154530VLF400", "HUS154545VLF400", NULL};

/* fwupd 2.0.20, plugins/scsi/scsi.quirk */
static const char *const hp_disk_products[] = {"EO1600JVYPP", "MK0800JVYPQ", "MO1600JVYPR", NULL};

/* public kernel logs */
static const char *const ibm_ddys_products[] = {"DDYS-T18350M", NULL};

/* Fujitsu C141-C012 and C141-C013: front pages */
static const char *const fujitsu_sas_products[] = {
    "MAX3036RC",
    "MAX3073RC",
    "MBA3073RC",
    "MBA3147RC",
    "MBA3300RC",
    "MBC2036RC",
    "MBC2073RC",
    NULL,
};

/* IBM S07N-9742-03: front page; with the rest of the string in public kernel logs, and the first
 * in a public list of spare parts */
static const char *const ibm_146z10_products[] = {
    "IC35L018UCDY10-0",
    "IC35L073UCDY10-0",
    "IC35L146UCDY10-0",
    "IC35L036UWDY10-0",
    "IC35L073UWDY10-0",
    NULL,
};

/* Fujitsu C141-E167 and C141-E124: titles; with their suffixes in public kernel logs */
static const char *const fujitsu_map_products[] = {"MAP3147NC",
						   "MAP3367NP",
						   "MAP3735NP",
						   "MAS3735NP",
						   NULL};

/* Fujitsu C141-C009: title */
static const char *const fujitsu_mau_products[] = {"MAU3036RC", "MAU3073RC", NULL};

/* IBM TS4500 SCSI reference, "Inquiry Standard Data: Valid LUN" */
static const char *const ibm_3584_products[] = {"03584L22", "03584L42", NULL};

/* the same WRITE BUFFER in T10000A, B, C and D: E20425-06; A and B are the strings that are known
 */
static const char *const stk_t10000_products[] = {"T10000A", NULL};

/* linux-scsi list, message 84912: an LTO-5 drive took firmware in the same way */
static const char *const hp_ultrium_products[] = {"Ultrium 5-SCSI", NULL};

/* Quantum product manuals of DLT 7000 (81-60000-06), DLT1 (81-81276-01) and DLT-S4 */
static const char *const quantum_dlt_products[] = {"DLT7000", "DLT 7000", "DLT-S4", NULL};

/* Quantum 81-109132-03 and 81-60043-01; DLT4500 and DLT4700 are the drive of a DLT4000 that has a
 * loader */
static const char *const quantum_dlt4000_products[] = {"DLT2000", "DLT4500", "DLT4700", NULL};

/* Seagate 32650-001, Rev. A: front page */
static const char *const seagate_medalist_products[] = {"ST52160WC", NULL};

/* public kernel logs; the numbers are in the title of IBM's specification */
static const char *const ibm_dcas_products[] = {"DCAS-32160", "DCAS-32160W", "DCAS-34330W", NULL};

/* public kernel logs; the numbers are in the title of IBM's specification */
static const char *const ibm_ddrs_products[] = {"DDRS-34560", "DDRS-34560D", "DDRS-39130D", NULL};

/* its own product manual, page 64 */
static const char *const seagate_stt_products[] = {"STT20000A", NULL};

/* Linux, drivers/scsi/scsi_transport_spi.c */
static const char *const ibm_tape_products[] = {"ULTRIUM-TD3", NULL};

/* iprutils, iprlib.c, ses_table[] */
static const char *const ibm_2104_products[] = {"2104-TU3", NULL};

/* pxfw.cpp and flash_plextor.ixx */
static const char *const plextor_px_products[] = {
    "CD-R   PREMIUM2",
    "DVDR   PX-708A",
    "DVDR   PX-708A2",
    "DVDR   PX-712A",
    "DVDR   PX-714A",
    "DVDR   PX-716A",
    "DVDR   PX-716AL",
    "DVDR   PX-755A",
    "DVDR   PX-760A",
    NULL,
};

const WbtBookFamily wbt_book_families[] = {
    {"deferred-disk", hgst_c15k600_products, false, WBT_BOOK_READY_ANY},
    {"hgst-7k4000", hgst_7k4000_products, false, WBT_BOOK_READY_ANY},
    {"hgst-sas", NULL, true, WBT_BOOK_READY_YES},
    {"wd-sas", NULL, true, WBT_BOOK_READY_YES},
    {"wdc-sas", NULL, true, WBT_BOOK_READY_YES},
    {"hitachi-15k147", hitachi_products, false, WBT_BOOK_READY_YES},
    {"seagate-sas", NULL, true, WBT_BOOK_READY_YES},
    {"hp-disk", hp_disk_products, false, WBT_BOOK_READY_YES},
    {"samsung-sas", NULL, true, WBT_BOOK_READY_YES},
    {"smrtstor-sas", NULL, true, WBT_BOOK_READY_YES},
    {"toshiba-sas", NULL, true, WBT_BOOK_READY_YES},
    {"ibm-ddys", ibm_ddys_products, false, WBT_BOOK_READY_YES},
    {"fujitsu-sas", fujitsu_sas_products, false, WBT_BOOK_READY_ANY},
    {"ibm-146z10", ibm_146z10_products, false, WBT_BOOK_READY_YES},
    {"fujitsu-map", fujitsu_map_products, false, WBT_BOOK_READY_ANY},
    {"fujitsu-mau", fujitsu_mau_products, false, WBT_BOOK_READY_ANY},
    {"seagate-medalist", seagate_medalist_products, false, WBT_BOOK_READY_YES},
    {"ibm-dcas", ibm_dcas_products, false, WBT_BOOK_READY_YES},
    {"ibm-ddrs", ibm_ddrs_products, false, WBT_BOOK_READY_YES},
    {"fujitsu-maa-fc", NULL, false, WBT_BOOK_READY_YES},
    {"fujitsu-maa", NULL, false, WBT_BOOK_READY_YES},
    {"ibm-tape", ibm_tape_products, true, WBT_BOOK_READY_ANY},
    {"ibm-ult3580", NULL, false, WBT_BOOK_READY_ANY},
    {"quantum-dlt", quantum_dlt_products, true, WBT_BOOK_READY_NO},
    {"hp-ultrium", hp_ultrium_products, false, WBT_BOOK_READY_ANY},
    {"hp-ultrium2", NULL, false, WBT_BOOK_READY_ANY},
    {"t10000", stk_t10000_products, false, WBT_BOOK_READY_NO},
    {"quantum-dlt4000", quantum_dlt4000_products, false, WBT_BOOK_READY_NO},
    {"quantum-sdlt600", NULL, false, WBT_BOOK_READY_NO},
    {"bnchmark-dlt1", NULL, false, WBT_BOOK_READY_NO},
    {"seagate-stt8000", seagate_stt_products, false, WBT_BOOK_READY_NO},
    {"seagate-viper200", NULL, false, WBT_BOOK_READY_ANY},
    {"sl500", NULL, false, WBT_BOOK_READY_ANY},
    {"ibm-3584", ibm_3584_products, false, WBT_BOOK_READY_ANY},
    {"tl2000", NULL, false, WBT_BOOK_READY_ANY},
    {"superloader3", NULL, false, WBT_BOOK_READY_ANY},
    {"slr-autoloader", NULL, false, WBT_BOOK_READY_ANY},
    {"qualstar", NULL, true, WBT_BOOK_READY_YES},
    {"plextor", NULL, true, WBT_BOOK_READY_YES},
    {"plextor-px", plextor_px_products, false, WBT_BOOK_READY_NO},
    {"hp-sas-expander", NULL, false, WBT_BOOK_READY_ANY},
    {"sun-daktari", NULL, false, WBT_BOOK_READY_YES},
    {"ibm-2104", ibm_2104_products, false, WBT_BOOK_READY_ANY},
};

const size_t wbt_n_book_families = G_N_ELEMENTS(wbt_book_families);

size_t
wbt_book_count(void)
{
	return wbt_n_book_disks + wbt_n_book_scsi_disks + wbt_n_book_tapes + wbt_n_book_libraries +
	       wbt_n_book_enclosures;
}

const WbtModel *
wbt_book_get(size_t idx)
{
	if (idx < wbt_n_book_disks)
		return &wbt_book_disks[idx];
	idx -= wbt_n_book_disks;
	if (idx < wbt_n_book_scsi_disks)
		return &wbt_book_scsi_disks[idx];
	idx -= wbt_n_book_scsi_disks;
	if (idx < wbt_n_book_tapes)
		return &wbt_book_tapes[idx];
	idx -= wbt_n_book_tapes;
	if (idx < wbt_n_book_libraries)
		return &wbt_book_libraries[idx];
	idx -= wbt_n_book_libraries;
	return idx < wbt_n_book_enclosures ? &wbt_book_enclosures[idx] : NULL;
}
