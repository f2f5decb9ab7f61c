import type { Tx } from '@souk/kit';
import { type ChannelChanged, type ChannelId, Rejection } from '@souk/schema';
import { insertChannelOnce, lockChannels, updateChannel } from './channel.repository.ts';
import type { PlatformDb } from './channel.tables.ts';
import { type ChannelChange, type ChannelDraft, change, create, type ManagedChannel } from './channel.ts';

export type PlatformTx = Tx<PlatformDb>;

/** The topic that tells routers to read the channels again. */
export const CHANNELS_TOPIC = 'channels';

export const channelChanged = (channel: ManagedChannel): Pick<ChannelChanged, 'type' | 'key' | 'version' | 'data'> => {
  const { id: channelId, code, currency, defaultLocale, timeZone, pricesIncludeTax, active } = channel;
  return {
    type: 'platform.ChannelChanged',
    key: channelId,
    version: channel.version,
    data: { channelId, code, currency, defaultLocale, timeZone, pricesIncludeTax, active },
  };
};

function say(tx: PlatformTx, channel: ManagedChannel): void {
  tx.emit(channelChanged(channel));
  tx.evict('Channel');
  tx.touch(CHANNELS_TOPIC, channel.id, channel.version);
}

export async function createChannel(tx: PlatformTx, draft: ChannelDraft): Promise<ChannelId> {
  const channel = create(draft, tx.newId<'Channel'>(), tx.now);
  if (!(await insertChannelOnce(tx.db, channel))) {
    throw new Rejection('CODE_TAKEN', 'Another channel has this code.', ['input', 'code']);
  }
  say(tx, channel);
  return channel.id;
}

/** The last active channel stays active: a shop that sells nowhere could not even be read. */
export async function changeChannel(
  tx: PlatformTx,
  id: ChannelId,
  wanted: ChannelChange,
  expectedVersion: number | null,
): Promise<ChannelId> {
  const channels = await lockChannels(tx.db);
  const channel = channels.find((one) => one.id === id);
  if (!channel) throw new Rejection('NOT_FOUND', 'There is no such channel.', ['id']);
  if (expectedVersion !== null && expectedVersion !== channel.version) {
    throw new Rejection('CONFLICT', 'Somebody changed this channel meanwhile. Look at it again.', [
      'input',
      'expectedVersion',
    ]);
  }
  if (wanted.active === false && !channels.some((one) => one.active && one.id !== id)) {
    throw new Rejection('LAST_CHANNEL', 'A shop keeps at least one active channel.', ['input', 'active']);
  }
  const next = change(channel, wanted, tx.now);
  await updateChannel(tx.db, next);
  say(tx, next);
  return id;
}
