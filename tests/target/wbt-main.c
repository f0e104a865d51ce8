// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#define _GNU_SOURCE

/* scsi-wb-target: simulated SCSI devices as real /dev/sg nodes, for the lab */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wbt-book.h"
#include "wbt-control.h"
#include "wbt-daemon.h"
#include "wbt-life.h"
#include "wbt-model.h"

#define EXIT_USAGE 2

static const char usage_text[] =
    "usage: scsi-wb-target COMMAND\n"
    "  models                                    list the models\n"
    "  book-rows                                 list the quirk rows that the device book needs\n"
    "  make-image MODEL REVISION SIZE [SEED]     write an image to standard output\n"
    "  start NAME MODEL [--serial S] [--vendor V] [--product P] [--revision R]\n"
    "                   [--state DIR] [--begin power-on|reset] [--fault FILE]\n"
    "  stop NAME\n"
    "  show NAME\n"
    "  log NAME [--since N]                      commands after the N-th\n"
    "  log-mark NAME                             how many commands there were so far\n"
    "  fault NAME FILE|-                         replace the fault script\n"
    "  wait-held NAME                            until a hang holds an answer back\n"
    "  release NAME                              give that answer now\n"
    "  pace NAME LATENCY_US BANDWIDTH            how long commands take, and their data, in "
    "bytes/s\n"
    "  timing NAME                               of the segments since then\n"
    "  power-cycle NAME\n"
    "  reset NAME\n";

static const WbtModel *
find_model(const char *name, GError **error)
{
	const WbtModel *model = wbt_model_find(name);

	if (model == NULL)
		g_set_error(error,
			    WBT_ERROR,
			    0,
			    "there is no model '%s'; 'scsi-wb-target models' lists them",
			    name);
	return model;
}

static bool
check_name(const char *name, GError **error)
{
	size_t bytes = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (bytes > 0 && bytes <= 32 && name[bytes] == '\0')
		return true;
	g_set_error(error, WBT_ERROR, 0, "'%s' is no name: 1 to 32 of a-z, 0-9 and -", name);
	return false;
}

static bool
list_models(char **args, GError **error)
{
	(void)args;
	(void)error;
	for (size_t i = 0; i < wbt_model_count(); i++) {
		const WbtModel *model = wbt_model_get(i);

		printf("%-16s %s\n", wbt_model_name(model), wbt_model_summary(model));
	}
	return true;
}

static bool
list_book_rows(char **args, GError **error)
{
	g_autofree char *text = wbt_book_list_rows();

	(void)args;
	(void)error;
	fputs(text, stdout);
	return true;
}

static bool
make_image(char **args, GError **error)
{
	const WbtModel *model = find_model(args[0], error);
	g_autoptr(GByteArray) image = NULL;
	guint64 total_bytes;
	guint64 seed = 0;

	if (model == NULL)
		return false;
	if (!g_ascii_string_to_unsigned(args[2], 10, 44, 256 << 20, &total_bytes, error))
		return false;
	if (args[3] != NULL &&
	    !g_ascii_string_to_unsigned(args[3], 10, 0, G_MAXUINT32, &seed, error))
		return false;
	image = wbt_image_new(model, args[1], (size_t)total_bytes, (uint32_t)seed);
	if (image == NULL) {
		g_set_error(error,
			    WBT_ERROR,
			    0,
			    "%s bytes are too few for the header of an image of model %s",
			    args[2],
			    args[0]);
		return false;
	}
	if (fwrite(image->data, 1, image->len, stdout) == image->len && fflush(stdout) == 0)
		return true;
	g_set_error(error, WBT_ERROR, 0, "cannot write the image: %s", g_strerror(errno));
	return false;
}

static bool
ask_and_print(const char *name, const char *request, GError **error)
{
	g_autofree char *answer = NULL;

	if (!wbt_control_ask(name, request, &answer, error))
		return false;
	fputs(answer, stdout);
	return true;
}

/* how the device comes to be there: switched on, or with another boot of the machine */
static bool
parse_begin(const char *begin, bool *has_power, GError **error)
{
	*has_power = g_strcmp0(begin, "reset") == 0;
	if (*has_power || begin == NULL || g_str_equal(begin, "power-on"))
		return true;
	g_set_error(error, WBT_ERROR, 0, "--begin is power-on or reset, not '%s'", begin);
	return false;
}

/* the options of start; @fault_file is NULL without one */
static bool
parse_start(char **args, WbtDaemonOptions *options, const char **fault_file, GError **error)
{
	const char *begin = NULL;
	const struct {
		const char *word;
		const char **value;
	} rows[] = {
	    {"--begin", &begin},
	    {"--serial", &options->serial},
	    {"--vendor", &options->vendor},
	    {"--product", &options->product},
	    {"--revision", &options->revision},
	    {"--state", &options->state_dir},
	    {"--fault", fault_file},
	};

	for (size_t i = 0; args[i] != NULL; i += 2) {
		const char **value = NULL;

		for (size_t j = 0; j < G_N_ELEMENTS(rows); j++) {
			if (g_str_equal(args[i], rows[j].word))
				value = rows[j].value;
		}
		if (value == NULL || args[i + 1] == NULL) {
			g_set_error(error,
				    WBT_ERROR,
				    0,
				    value == NULL ? "unknown option '%s'" : "'%s' wants a value",
				    args[i]);
			return false;
		}
		*value = args[i + 1];
	}
	return parse_begin(begin, &options->has_power, error);
}

/* the same device under another name, of any bytes; its images bear that name, too */
static void
rename_model(WbtDaemonOptions *options, WbtModel *model)
{
	*model = *options->model;
	if (options->vendor != NULL)
		model->vendor = options->vendor;
	if (options->product != NULL)
		model->product = options->product;
	options->model = model;
}

static bool
start(char **args, GError **error)
{
	/* two targets of one model must not look like two paths to one device */
	WbtDaemonOptions options = {.name = args[0], .serial = args[0]};
	WbtModel model;
	const char *fault_file = NULL;
	g_autofree char *state_dir = NULL;
	g_autofree char *node = NULL;

	options.model = find_model(args[1], error);
	if (options.model == NULL || !parse_start(args + 2, &options, &fault_file, error))
		return false;
	rename_model(&options, &model);
	if (options.state_dir != NULL) {
		state_dir = g_canonicalize_filename(options.state_dir, NULL);
		options.state_dir = state_dir;
	}
	if (!wbt_life_start(&options, fault_file, &node, error))
		return false;
	printf("%s %s", options.name, node);
	return true;
}

static bool
stop(char **args, GError **error)
{
	return wbt_life_stop(args[0], error);
}

static bool
show_log(char **args, GError **error)
{
	const char *since = "0";
	g_autofree char *request = NULL;

	if (args[1] != NULL) {
		if (!g_str_equal(args[1], "--since") || args[2] == NULL) {
			g_set_error(error, WBT_ERROR, 0, "log NAME [--since N]");
			return false;
		}
		since = args[2];
	}
	request = g_strconcat("log ", since, NULL);
	return ask_and_print(args[0], request, error);
}

static bool
show(char **args, GError **error)
{
	return ask_and_print(args[0], "show", error);
}

static bool
log_mark(char **args, GError **error)
{
	return ask_and_print(args[0], "mark", error);
}

static bool
set_fault(char **args, GError **error)
{
	return wbt_life_set_faults(args[0], args[1], error);
}

static bool
wait_held(char **args, GError **error)
{
	g_autofree char *line = NULL;

	if (!wbt_life_wait_held(args[0], &line, error))
		return false;
	fputs(line, stdout);
	return true;
}

static bool
release(char **args, GError **error)
{
	return ask_and_print(args[0], "release", error);
}

static bool
set_pace(char **args, GError **error)
{
	g_autofree char *request = g_strdup_printf("pace %s %s", args[1], args[2]);

	return ask_and_print(args[0], request, error);
}

static bool
show_timing(char **args, GError **error)
{
	return ask_and_print(args[0], "timing", error);
}

static bool
power_cycle(char **args, GError **error)
{
	g_autofree char *node = NULL;

	if (!wbt_control_ask(args[0], "power-cycle", NULL, error))
		return false;
	if (!wbt_life_wait(args[0], &node, error))
		return false;
	printf("%s %s", args[0], node);
	return true;
}

static bool
hard_reset(char **args, GError **error)
{
	return ask_and_print(args[0], "reset", error);
}

static const struct {
	const char *word;
	int min_args;
	int max_args;
	bool named; /* its first argument is a target's name */
	bool (*run)(char **args, GError **error);
} commands[] = {
    {"models", 0, 0, false, list_models},
    {"book-rows", 0, 0, false, list_book_rows},
    {"make-image", 3, 4, false, make_image},
    {"start", 2, 16, true, start},
    {"stop", 1, 1, true, stop},
    {"show", 1, 1, true, show},
    {"log", 1, 3, true, show_log},
    {"log-mark", 1, 1, true, log_mark},
    {"fault", 2, 2, true, set_fault},
    {"wait-held", 1, 1, true, wait_held},
    {"release", 1, 1, true, release},
    {"pace", 3, 3, true, set_pace},
    {"timing", 1, 1, true, show_timing},
    {"power-cycle", 1, 1, true, power_cycle},
    {"reset", 1, 1, true, hard_reset},
};

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	for (size_t i = 0; argc > 1 && i < G_N_ELEMENTS(commands); i++) {
		int n_args = argc - 2;

		if (!g_str_equal(argv[1], commands[i].word))
			continue;
		if (n_args < commands[i].min_args || n_args > commands[i].max_args)
			break;
		if ((!commands[i].named || check_name(argv[2], &error)) &&
		    commands[i].run(argv + 2, &error))
			return EXIT_SUCCESS;
		fprintf(stderr, "scsi-wb-target: %s\n", error->message);
		return EXIT_FAILURE;
	}
	fputs(usage_text, stderr);
	return EXIT_USAGE;
}
