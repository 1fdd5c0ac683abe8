import { Body, Controller, Get, Header, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, type Principal } from '@shopfleet/identity';
import { problemSchema } from '@shopfleet/service';
import { z } from 'zod';
import { personalKinds } from '../mail/kinds/kind-registry.ts';
import { channels, type Channel } from './channels.ts';
import { PreferencesRepository, type Choices } from './preferences.repository.ts';
import { channelsOf, isWanted } from './wanted.ts';

const names = personalKinds.map((kind) => kind.name);

const choice = z.strictObject(Object.fromEntries(channels.map((channel) => [channel, z.boolean().optional()])) as Record<Channel, z.ZodOptional<z.ZodBoolean>>);
const preferencesIn = z.strictObject({
  kinds: z.partialRecord(z.enum(names as [string, ...string[]], { error: `must be one of ${names.join(', ')}` }), choice).superRefine((choices, context) => {
    for (const kind of personalKinds) {
      for (const channel of channels) {
        const chosen = choices[kind.name]?.[channel];
        if (chosen === undefined || chosen === isWanted(kind, channel, { [kind.name]: { [channel]: chosen } })) continue;
        const message = chosen ? `is not a channel of ${kind.name}` : 'cannot be turned off: the security of an account depends on it';
        context.addIssue({ code: 'custom', path: [kind.name, channel], message });
      }
    }
  }),
});

const preferencesOut = z
  .strictObject({
    kinds: z.array(
      z.strictObject({
        kind: z.string(),
        mandatory: z.boolean().describe('true: its mail and its place in the list cannot be turned off'),
        channels: z.partialRecord(z.enum(channels), z.boolean()).describe('only channels that the kind uses'),
      }),
    ),
  })
  .meta({ id: 'NotificationPreferences' });

@ApiTags('notifications')
@Authenticated()
@Controller('api/notifications/preferences')
export class PreferencesController {
  constructor(private readonly preferences: PreferencesRepository) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'What you are told of, by which channel' })
  @ApiResponse({ status: 200, standardSchema: preferencesOut })
  @ApiResponse({ status: 401, standardSchema: problemSchema })
  async get(@CurrentPrincipal() { userId }: Principal): Promise<z.infer<typeof preferencesOut>> {
    return view((await this.preferences.choicesOf([userId])).get(userId) ?? {});
  }

  @Put()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Choose; replaces what you chose before, and what you leave out follows the default' })
  @ApiResponse({ status: 200, standardSchema: preferencesOut })
  @ApiResponse({ status: 400, standardSchema: problemSchema })
  async replace(@CurrentPrincipal() { userId }: Principal, @Body({ schema: preferencesIn }) { kinds }: z.infer<typeof preferencesIn>): Promise<z.infer<typeof preferencesOut>> {
    await this.preferences.replace(userId, kinds as Choices);
    return view(kinds as Choices);
  }
}

function view(choices: Choices): z.infer<typeof preferencesOut> {
  return {
    kinds: personalKinds.map((kind) => ({
      kind: kind.name,
      mandatory: kind.mandatory === true,
      channels: Object.fromEntries(channelsOf(kind).map((channel) => [channel, isWanted(kind, channel, choices)])),
    })),
  };
}
