// Displays: claimed by the code that they show, seen, and put out again.

import { el } from '../dom.js';
import { date, t } from '../words.js';
import { ask, confirm } from './forms.js';

export function devices({ api, comanda }) {
  const claim = () => ask(t('admin.claim'), {
    label: t('admin.claim'),
    fields: [
      { name: 'code', label: t('admin.code'), hint: t('admin.codeHow'), class: 'code-input', maxlength: 20, autocapitalize: 'characters', spellcheck: 'false' },
      { name: 'name', label: t('admin.name'), hint: t('admin.deviceName') },
      { name: 'role', label: t('admin.role'), type: 'select', options: ['KITCHEN', 'EXPO'].map((role) => [role, t(`role.${role}`)]) },
      {
        name: 'station',
        label: t('kitchen.station'),
        type: 'select',
        options: [['', t('kitchen.all')], ...comanda.board.stations.map(({ name }) => [name, name])],
      },
    ],
    send: (body) => api.request({ method: 'POST', path: '/api/v1/devices/claim', body }),
  });
  const remove = async (device) => {
    const sure = await confirm(t('admin.removeDevice', { name: device.name }), t('admin.removeDeviceHow'), t('admin.remove'));
    return sure && ((await api.request({ method: 'DELETE', path: `/api/v1/devices/${device.id}` })) ?? true);
  };
  const seen = ({ connected, lastSeenAt, lag }) => {
    if (connected) return el('span', { class: 'chip', 'data-mood': lag ? 'warn' : 'good' }, t('admin.connected'), lag ? ` · ${t('admin.behind', { n: lag })}` : '');
    return el('span', { class: 'chip', 'data-mood': 'bad' }, lastSeenAt ? t('admin.seen', { when: date(Date.parse(lastSeenAt)) }) : t('admin.neverSeen'));
  };
  return {
    title: t('admin.tab.devices'),
    empty: t('admin.noDevices'),
    load: () => api.list('/api/v1/devices'),
    columns: [
      { label: t('admin.name'), cell: ({ name }) => name },
      { label: t('admin.role'), cell: ({ role }) => t(`role.${role}`) },
      { label: t('kitchen.station'), cell: ({ station }) => station ?? t('kitchen.all') },
      { label: t('admin.state'), cell: seen },
    ],
    add: { label: t('admin.claim'), act: claim },
    acts: () => [{ label: t('admin.remove'), icon: 'trash', act: remove, danger: true }],
  };
}
