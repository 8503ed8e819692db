// Events as sentences: which order, which table, which dish, by whom. The board knows the names behind the ids.

import { t } from '../words.js';

// `{event, data}` of the stream, and the board after it.
export function sentence({ event, data }, board) {
  const tell = SENTENCES[event];
  return tell ? tell(data, board) : t('happened.other', { event });
}

const dishes = (items) => items.map(({ qty, name }) => `${qty} × ${name}`).join(', ');
const order = ({ orderId }, board) => {
  const known = board.orders.get(orderId);
  return known ? t('happened.order', { number: known.number, place: place(known) }) : t('happened.someOrder');
};
const place = ({ tableName }) => (tableName ? t('kitchen.table', { name: tableName }) : t('kitchen.counter'));
const item = ({ orderId, itemId }, board) => board.orders.get(orderId)?.items.find(({ id }) => id === itemId)?.name ?? t('happened.someLine');
const who = (user, board) => board.staff.get(user) ?? t('happened.someone');
const simply = (key) => (data, board) => t(`happened.${key}`, { order: order(data, board) });

const SENTENCES = {
  'order.new': (data, board) => t('happened.new', {
    order: t('happened.order', { number: data.number, place: place(data) }),
    who: who(data.createdBy, board),
    what: dishes(data.items),
  }),
  'order.status.changed': (data, board) => t('happened.status', { order: order(data, board), status: t(`order.${data.newStatus}`) }),
  'order.item.status.changed': (data, board) => t('happened.line', {
    order: order(data, board),
    what: item(data, board),
    status: t(`item.${data.newStatus}`),
    why: data.reason ? ` (${data.reason})` : '',
  }),
  'order.items.added': (data, board) => t('happened.late', { order: order(data, board), what: dishes(data.items) }),
  'order.item.updated': (data, board) => t('happened.changed', { order: order(data, board), what: data.item.name }),
  'order.acknowledged': simply('seen'),
  'order.priority.changed': (data, board) => t('happened.priority', { order: order(data, board), n: data.priority }),
  'order.shipped': simply('shipped'),
  'order.cancelled': simply('cancelled'),
  'order.closed': simply('closed'),
  'order.reopened': simply('reopened'),
  'table.session.opened': ({ tableName, covers }) => (covers ? t('happened.seatedMany', { table: tableName, n: covers }) : t('happened.seated', { table: tableName })),
  'table.session.closed': ({ tableName }) => t('happened.left', { table: tableName }),
  'table.session.moved': ({ tableName }) => t('happened.moved', { table: tableName }),
  'table.session.merged': ({ tableName, intoTableName }) => t('happened.merged', { table: tableName, into: intoTableName }),
  'menu.item.availability.changed': ({ name, state }) => t(state === 'available' ? 'happened.available' : 'happened.soldOut', { what: name }),
  orderCreated: ({ title }) => t('happened.production', { title }),
  orderUpdated: ({ title, status }) => t('happened.productionStatus', { title, status }),
};
