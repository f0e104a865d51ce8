/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* the table itself, which no function hands out; the linker takes this copy, not the library's */
#include "../../plugins/scsi-wb/fu-scsi-wb-policy.c"

static gboolean
fu_test_scsi_wb_policy_rule_matches(const FuScsiWbPolicyRule *rule,
				    FuScsiWbClass klass,
				    FuScsiWbPlace place)
{
	return (rule->places & place) > 0 && (rule->klass == klass || rule->klass == ANY_CLASS);
}

/* whether it is the first of the rules that match, which is the one that counts */
static gboolean
fu_test_scsi_wb_policy_rule_counts(guint number, FuScsiWbClass klass, FuScsiWbPlace place)
{
	for (guint i = 0; i < number; i++) {
		if (fu_test_scsi_wb_policy_rule_matches(&rules[i], klass, place))
			return FALSE;
	}
	return fu_test_scsi_wb_policy_rule_matches(&rules[number], klass, place);
}

/* for how many results, each of a class at a place, the rule decides */
static guint
fu_test_scsi_wb_policy_rule_count(guint number)
{
	guint count = 0;

	for (FuScsiWbClass klass = 0; klass < FU_SCSI_WB_CLASS_LAST; klass++) {
		for (guint place = 1; place <= rules[number].places; place <<= 1) {
			if (!fu_test_scsi_wb_policy_rule_counts(number, klass, place))
				continue;
			g_assert_cmpint(fu_scsi_wb_policy_next(klass, place),
					==,
					rules[number].action);
			count++;
		}
	}
	return count;
}

/* none is hidden by those before it: with the golden table of the other program, which asks for
 * each class at each place, each rule is put to the test */
static void
fu_test_scsi_wb_policy_rules_reached_func(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
		guint count = fu_test_scsi_wb_policy_rule_count(i);

		g_test_message("rule %u decides %u results", i, count);
		g_assert_cmpuint(count, >, 0);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/scsi-wb/policy/rules/reached", fu_test_scsi_wb_policy_rules_reached_func);
	return g_test_run();
}
