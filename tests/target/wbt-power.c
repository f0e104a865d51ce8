// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

/* how a device comes and goes: power, unit attentions, and when it is ready */

#include <string.h>

#include "wbt-state.h"

#define ASC_POWER_ON 0x29 /* POWER ON, RESET, OR BUS DEVICE RESET OCCURRED */

/* SPC-5, "Unit attention condition": 29h says that all earlier conditions are void */
void
wbt_power_push_attention(WbtTarget *self, uint8_t asc, uint8_t ascq)
{
	if (asc == ASC_POWER_ON)
		self->n_attentions = 0;
	if (self->n_attentions < WBT_MAX_ATTENTIONS)
		self->attentions[self->n_attentions++] = (WbtAttention){asc, ascq};
}

WbtSense
wbt_power_pop_attention(WbtTarget *self)
{
	WbtAttention first = self->attentions[0];

	if (self->n_attentions == 0)
		return WBT_GOOD;
	self->n_attentions--;
	memmove(self->attentions, self->attentions + 1, self->n_attentions * sizeof(first));
	return WBT_SENSE(WBT_KEY_UNIT_ATTENTION, first.asc, first.ascq);
}

void
wbt_target_power_cycle(WbtTarget *self)
{
	self->offline = false;
	self->away_ms = 0;
	self->echo.valid = false;
	self->busy_left = 0;
	self->starting_ms = 0;
	wbt_microcode_restart(&self->microcode, WBT_EVENT_POWER_ON);
	wbt_power_push_attention(self, ASC_POWER_ON, 0x00);
}

void
wbt_target_hard_reset(WbtTarget *self)
{
	self->echo.valid = false;
	wbt_microcode_restart(&self->microcode, WBT_EVENT_HARD_RESET);
	wbt_power_push_attention(self, ASC_POWER_ON, 0x02);
}

void
wbt_target_pass_time(WbtTarget *self, uint32_t ms)
{
	self->starting_ms -= MIN(ms, self->starting_ms);
	if (self->away_ms == 0)
		return;
	self->away_ms -= MIN(ms, self->away_ms);
	if (self->away_ms == 0)
		wbt_target_power_cycle(self);
}

void
wbt_power_go_away(WbtTarget *self, uint32_t ms)
{
	self->offline = ms > 0;
	self->away_ms = ms;
}

bool
wbt_power_is_becoming_ready(const WbtTarget *self)
{
	return self->busy_left > 0 || self->starting_ms > 0;
}

void
wbt_power_restart(WbtTarget *self)
{
	const WbtModel *model = self->model;

	self->busy_left = model->busy_commands;
	if (model->own_attention != NULL)
		wbt_power_push_attention(self,
					 model->own_attention->asc,
					 model->own_attention->ascq);
	if (model->second_attention != NULL)
		wbt_power_push_attention(self,
					 model->second_attention->asc,
					 model->second_attention->ascq);
	if (model->restart_away)
		wbt_power_go_away(self, model->restart_ms);
	else
		self->starting_ms = model->restart_ms;
}
