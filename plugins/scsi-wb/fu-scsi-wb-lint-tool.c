/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <locale.h>
#include <stdio.h>

#include "fu-context-private.h"
#include "fu-device-private.h"
#include "fu-scsi-wb-book.h"
#include "fu-scsi-wb-compat.h"
#include "fu-scsi-wb-lint-owner.h"
#include "fu-scsi-wb-lint.h"
#include "fu-scsi-wb-rows.h"

#define FU_SCSI_WB_LINT_TOOL_EXIT_CLEAN	   0
#define FU_SCSI_WB_LINT_TOOL_EXIT_FINDINGS 1
#define FU_SCSI_WB_LINT_TOOL_EXIT_USAGE	   2

#define FU_SCSI_WB_LINT_TOOL_SUMMARY                                                               \
	"Reads quirk files as fwupd would, and says what is wrong with their rows for SCSI "       \
	"devices: one\nfile that it cannot read makes fwupd ignore the quirk files of all "        \
	"devices."

#define FU_SCSI_WB_LINT_TOOL_DESCRIPTION                                                           \
	"FILE may be a folder with *.quirk files. Without one, those of this machine are read. "   \
	"Nothing is\nsent to a device, and root is not needed.\n\n"                                \
	"Examples:\n"                                                                              \
	"  scsi-wb-lint /var/lib/fwupd/quirks.d/local.quirk\n"                                     \
	"  scsi-wb-lint --table /usr/share/fwupd/quirks.d\n\n"                                     \
	"Exit status: 0 all is well; 1 something is wrong, with file and line; 2 the command "     \
	"line is wrong,\nor a file cannot be read.\n"

/**
 * FuScsiWbLintTool:
 * @lint: the rows, and what is wrong with them
 * @files: (element-type utf8): names of quirk files
 * @names: (nullable): what the user named
 * @models: (nullable): a file with the IDs of rows that have a model
 * @is_table: print the device book
 * @is_summary: print a short one
 * @is_version: print the version
 * @warning: (nullable): the first that fwupd said while it read the files
 *
 * One run of the program.
 **/
typedef struct {
	FuScsiWbLint *lint;
	GPtrArray *files;
	gchar **names;
	gchar *models;
	gboolean is_table;
	gboolean is_summary;
	gboolean is_version;
	gchar *warning;
} FuScsiWbLintTool;

static void
fu_scsi_wb_lint_tool_free(FuScsiWbLintTool *self)
{
	g_clear_pointer(&self->lint, fu_scsi_wb_lint_free);
	g_clear_pointer(&self->files, g_ptr_array_unref);
	g_strfreev(self->names);
	g_free(self->models);
	g_free(self->warning);
	g_free(self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FuScsiWbLintTool, fu_scsi_wb_lint_tool_free)

static gboolean
fu_scsi_wb_lint_tool_parse(FuScsiWbLintTool *self, gchar ***argv, GError **error)
{
	const GOptionEntry entries[] = {
	    {"table", 0, 0, G_OPTION_ARG_NONE, &self->is_table, "Print the device book", NULL},
	    {"summary",
	     0,
	     0,
	     G_OPTION_ARG_NONE,
	     &self->is_summary,
	     "Print the device book, a line for each vendor",
	     NULL},
	    {"models",
	     0,
	     0,
	     G_OPTION_ARG_FILENAME,
	     &self->models,
	     "IDs of rows with a simulated device: the rules of the device book hold",
	     "FILE"},
	    {"version", 0, 0, G_OPTION_ARG_NONE, &self->is_version, "Print the version", NULL},
	    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->names, NULL, "[FILE…]"},
	    G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_set_summary(context, FU_SCSI_WB_LINT_TOOL_SUMMARY);
	g_option_context_set_description(context, FU_SCSI_WB_LINT_TOOL_DESCRIPTION);
	g_option_context_add_main_entries(context, entries, NULL);
	return g_option_context_parse_strv(context, argv, error);
}

static gint
fu_scsi_wb_lint_tool_sort_cb(gconstpointer a, gconstpointer b)
{
	return g_strcmp0(*(const gchar *const *)a, *(const gchar *const *)b);
}

/* in the order in which fwupd reads them */
static gboolean
fu_scsi_wb_lint_tool_add_folder(FuScsiWbLintTool *self, const gchar *path, GError **error)
{
	const gchar *name;
	g_autoptr(GDir) dir = g_dir_open(path, 0, error);
	g_autoptr(GPtrArray) files = g_ptr_array_new();

	if (dir == NULL)
		return FALSE;
	while ((name = g_dir_read_name(dir)) != NULL) {
		if (g_str_has_suffix(name, ".quirk"))
			g_ptr_array_add(files, g_build_filename(path, name, NULL));
	}
	g_ptr_array_sort(files, fu_scsi_wb_lint_tool_sort_cb);
	g_ptr_array_extend_and_steal(self->files, g_steal_pointer(&files));
	return TRUE;
}

static gboolean
fu_scsi_wb_lint_tool_add_name(FuScsiWbLintTool *self, const gchar *name, GError **error)
{
	if (g_file_test(name, G_FILE_TEST_IS_DIR))
		return fu_scsi_wb_lint_tool_add_folder(self, name, error);
	g_ptr_array_add(self->files, g_strdup(name));
	return TRUE;
}

static gboolean
fu_scsi_wb_lint_tool_find_files(FuScsiWbLintTool *self, GError **error)
{
	const FuPathKind kinds[] = {FU_PATH_KIND_DATADIR_QUIRKS, FU_PATH_KIND_LOCALSTATEDIR_QUIRKS};

	self->files = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; self->names != NULL && self->names[i] != NULL; i++) {
		if (!fu_scsi_wb_lint_tool_add_name(self, self->names[i], error))
			return FALSE;
	}
	for (guint i = 0; self->names == NULL && i < G_N_ELEMENTS(kinds); i++) {
		g_autofree gchar *path = fu_scsi_wb_dup_path(kinds[i]);
		if (g_file_test(path, G_FILE_TEST_IS_DIR) &&
		    !fu_scsi_wb_lint_tool_add_folder(self, path, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
fu_scsi_wb_lint_tool_load(FuScsiWbLintTool *self, GError **error)
{
	g_autofree gchar *models = NULL;

	for (guint i = 0; i < self->files->len; i++) {
		const gchar *file = g_ptr_array_index(self->files, i);
		gchar *buf = NULL;
		gsize bufsz = 0;
		g_autoptr(GBytes) blob = NULL;

		if (!g_file_get_contents(file, &buf, &bufsz, error))
			return FALSE;
		blob = g_bytes_new_take(buf, bufsz);
		fu_scsi_wb_lint_add_file(self->lint, file, blob);
	}
	if (self->models == NULL)
		return TRUE;
	if (!g_file_get_contents(self->models, &models, NULL, error))
		return FALSE;
	fu_scsi_wb_lint_add_models(self->lint, models);
	return TRUE;
}

/* a file from elsewhere, which is only looked at, may be anybody's */
static gboolean
fu_scsi_wb_lint_tool_is_read_by_daemon(const gchar *file)
{
	const FuPathKind kinds[] = {FU_PATH_KIND_DATADIR_QUIRKS, FU_PATH_KIND_LOCALSTATEDIR_QUIRKS};
	g_autofree gchar *folder = g_path_get_dirname(file);
	g_autofree gchar *folder_real = fu_path_make_absolute(folder, NULL);

	for (guint i = 0; folder_real != NULL && i < G_N_ELEMENTS(kinds); i++) {
		g_autofree gchar *path = fu_scsi_wb_dup_path(kinds[i]);
		g_autofree gchar *path_real = fu_path_make_absolute(path, NULL);
		if (g_strcmp0(path_real, folder_real) == 0)
			return TRUE;
	}
	return FALSE;
}

static GPtrArray *
fu_scsi_wb_lint_tool_find_owners(const FuScsiWbLintTool *self)
{
	g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < self->files->len; i++) {
		const gchar *file = g_ptr_array_index(self->files, i);
		if (fu_scsi_wb_lint_tool_is_read_by_daemon(file))
			fu_scsi_wb_lint_owner_check(file, findings);
	}
	return g_steal_pointer(&findings);
}

static gboolean
fu_scsi_wb_lint_tool_apply_cb(const gchar *key, const gchar *value, GError **error)
{
	g_autoptr(FuDevice) device = fu_device_new(NULL);
	return fu_device_set_quirk_kv(device, key, value, FU_CONTEXT_QUIRK_SOURCE_FILE, error);
}

/* fwupd has the last word on what it can read: it gets these files alone */
static gboolean
fu_scsi_wb_lint_tool_load_fwupd(FuScsiWbLintTool *self, GError **error)
{
	const gchar *const no_settings[] = {NULL};
	gboolean ret;
	g_autofree gchar *dir = NULL;
	g_autoptr(FuContext) context = fu_context_new();
	g_autoptr(FuScsiWbIdentity) nobody = fu_scsi_wb_identity_new();
	g_autoptr(GPtrArray) files = g_ptr_array_new();

	for (guint i = 0; i < self->files->len; i++)
		g_ptr_array_add(files, g_ptr_array_index(self->files, i));
	g_ptr_array_add(files, NULL);
	(void)g_setenv("FWUPD_DATADIR_QUIRKS", "/nonexistent", TRUE);
	(void)g_setenv("FWUPD_LOCALSTATEDIR_QUIRKS", "/nonexistent", TRUE);
	dir =
	    fu_scsi_wb_rows_new_dir((const gchar *const *)files->pdata, no_settings, nobody, error);
	if (dir == NULL)
		return FALSE;
	(void)g_setenv("FWUPD_LOCALSTATEDIR_QUIRKS", dir, TRUE);
	ret = fu_scsi_wb_load_quirks(context, error);
	fu_scsi_wb_rows_remove_dir(dir);
	return ret;
}

static void
fu_scsi_wb_lint_tool_ask_fwupd(FuScsiWbLintTool *self)
{
	g_autoptr(GError) error_local = NULL;

	if (!fu_scsi_wb_lint_tool_load_fwupd(self, &error_local))
		g_ptr_array_add(self->lint->findings,
				g_strdup_printf("fwupd: %s", error_local->message));
	else if (self->warning != NULL)
		g_ptr_array_add(self->lint->findings, g_strdup_printf("fwupd: %s", self->warning));
}

static void
fu_scsi_wb_lint_tool_print(const FuScsiWbLintTool *self)
{
	for (guint i = 0; i < self->lint->findings->len; i++)
		(void)fprintf(stderr,
			      "%s\n",
			      (const gchar *)g_ptr_array_index(self->lint->findings, i));
	if (self->is_table) {
		g_autofree gchar *text = fu_scsi_wb_book_write_table(self->lint->rows);
		(void)fputs(text, stdout);
	}
	if (self->is_summary) {
		g_autofree gchar *text = fu_scsi_wb_book_write_summary(self->lint->rows);
		(void)fputs(text, stdout);
	}
	if (!self->is_table && !self->is_summary)
		(void)printf("%u files, %u rows, %u findings\n",
			     self->files->len,
			     self->lint->rows->len,
			     self->lint->findings->len);
}

static gboolean
fu_scsi_wb_lint_tool_run(FuScsiWbLintTool *self, GError **error)
{
	g_autoptr(GPtrArray) owners = NULL;

	self->lint = fu_scsi_wb_lint_new(fu_scsi_wb_lint_tool_apply_cb);
	if (!fu_scsi_wb_lint_tool_find_files(self, error))
		return FALSE;
	if (!fu_scsi_wb_lint_tool_load(self, error))
		return FALSE;
	owners = fu_scsi_wb_lint_tool_find_owners(self);
	fu_scsi_wb_lint_run(self->lint);

	/* what it would say of a file that it cannot read is said already, with the line */
	if (self->lint->findings->len == 0)
		fu_scsi_wb_lint_tool_ask_fwupd(self);
	g_ptr_array_extend_and_steal(self->lint->findings, g_steal_pointer(&owners));
	fu_scsi_wb_lint_tool_print(self);
	return TRUE;
}

/* what the library warns of is a finding */
static void
fu_scsi_wb_lint_tool_log_cb(const gchar *domain,
			    GLogLevelFlags level,
			    const gchar *message,
			    gpointer user_data)
{
	FuScsiWbLintTool *self = user_data;

	if (self->warning == NULL && (level & G_LOG_LEVEL_WARNING) > 0)
		self->warning = g_strdup(message);
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) > 0)
		g_log_default_handler(domain, level, message, user_data);
}

int
main(int argc, char **argv)
{
	g_autoptr(FuScsiWbLintTool) self = g_new0(FuScsiWbLintTool, 1);
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) args = g_strdupv(argv);

	/* NOLINTNEXTLINE(concurrency-mt-unsafe): this is the only thread yet */
	(void)setlocale(LC_ALL, "");
	g_log_set_default_handler(fu_scsi_wb_lint_tool_log_cb, self);
	if (!fu_scsi_wb_lint_tool_parse(self, &args, &error)) {
		(void)fprintf(stderr,
			      "scsi-wb-lint: %s\nTry 'scsi-wb-lint --help'.\n",
			      error->message);
		return FU_SCSI_WB_LINT_TOOL_EXIT_USAGE;
	}
	if (self->is_version) {
		(void)fputs("scsi-wb-lint " PACKAGE_VERSION "\n", stdout);
		return FU_SCSI_WB_LINT_TOOL_EXIT_CLEAN;
	}
	if (!fu_scsi_wb_lint_tool_run(self, &error)) {
		(void)fprintf(stderr, "scsi-wb-lint: %s\n", error->message);
		return FU_SCSI_WB_LINT_TOOL_EXIT_USAGE;
	}
	return self->lint->findings->len == 0 ? FU_SCSI_WB_LINT_TOOL_EXIT_CLEAN
					      : FU_SCSI_WB_LINT_TOOL_EXIT_FINDINGS;
}
