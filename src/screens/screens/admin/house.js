// Tables and stations.

import { randomKey } from '/comanda.js';
import { el } from '../dom.js';
import { t } from '../words.js';
import { ask, confirm } from './forms.js';

export function tables({ api, comanda }) {
  const seated = (table) => [...comanda.board.sessions.values()].some(({ tableId }) => tableId === table.id);
  return {
    title: t('admin.tables'),
    empty: t('admin.noTables'),
    // The first made first, as on the floor.
    load: async () => (await api.list('/api/v1/tables')).reverse().map((table) => ({ ...table, seated: seated(table) })),
    columns: [
      { label: t('admin.name'), cell: ({ name }) => name },
      { label: t('admin.state'), cell: (table) => t(table.seated ? 'waiter.seated' : 'waiter.free') },
    ],
    add: {
      label: t('admin.addTable'),
      act: () => ask(t('admin.addTable'), {
        label: t('admin.add'),
        fields: [{ name: 'name', label: t('admin.name'), hint: t('admin.tableName') }],
        send: (body, key) => api.request({ method: 'POST', path: '/api/v1/tables', body, key }),
      }),
    },
  };
}

export function stations({ api }) {
  const minutes = (seconds) => t('waiter.minutes', { n: Math.round(seconds / 6) / 10 });
  const fields = (station, categories) => [
    { name: 'name', label: t('admin.name'), value: station?.name },
    { name: 'categories', label: t('admin.stationMakes'), type: 'checks', value: station?.categories, options: categories.map(({ name }) => [name, name]) },
    { name: 'warnAfterS', label: t('admin.warnAfter'), type: 'number', value: station?.warnAfterS ?? 300, min: 1 },
    { name: 'lateAfterS', label: t('admin.lateAfter'), type: 'number', value: station?.lateAfterS ?? 480, min: 1 },
    ...(station?.isDefault ? [] : [{ name: 'isDefault', label: t('admin.isDefault'), type: 'check', value: false }]),
  ];
  const write = async (station) => ask(station?.name ?? t('admin.addStation'), {
    label: station ? t('dialog.keep') : t('admin.add'),
    changed: Boolean(station),
    fields: fields(station, await api.list('/api/v1/menu/categories')),
    send: (body, key) => (station
      ? api.request({ method: 'PATCH', path: `/api/v1/stations/${station.id}`, body, key })
      : api.request({ method: 'POST', path: '/api/v1/stations', body, key })),
  });
  const remove = async (station) => {
    const sure = await confirm(t('admin.removeThing', { name: station.name }), t('admin.removeStationHow'), t('admin.remove'));
    return sure && ((await api.request({ method: 'DELETE', path: `/api/v1/stations/${station.id}`, key: randomKey() })) ?? true);
  };
  return {
    title: t('admin.stations'),
    empty: t('admin.noStations'),
    load: async () => (await api.list('/api/v1/stations')).reverse(),
    columns: [
      { label: t('admin.name'), cell: ({ name, isDefault }) => (isDefault ? el('span', {}, `${name} `, el('span', { class: 'chip' }, t('admin.default'))) : name) },
      { label: t('admin.stationMakes'), cell: ({ categories }) => categories.join(', ') || '–' },
      { label: t('kitchen.warn'), number: true, cell: ({ warnAfterS }) => minutes(warnAfterS) },
      { label: t('kitchen.late'), number: true, cell: ({ lateAfterS }) => minutes(lateAfterS) },
    ],
    add: { label: t('admin.addStation'), act: () => write(null) },
    acts: () => [
      { label: t('admin.change'), icon: 'edit', act: write },
      { label: t('admin.remove'), icon: 'trash', act: remove, danger: true },
    ],
  };
}
