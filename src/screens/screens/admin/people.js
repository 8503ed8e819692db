// The people of the house and the invites that let more of them in.

import { randomKey } from '/comanda.js';
import { el } from '../dom.js';
import { date, t } from '../words.js';
import { ask, confirm, show } from './forms.js';

const ROLES = ['WAITER', 'KITCHEN', 'EXPO', 'CASHIER', 'MANAGER', 'OWNER'];

const roles = (mine) => ROLES.filter((role) => mine === 'OWNER' || role !== 'OWNER').map((role) => [role, t(`role.${role}`)]);

export function users({ api, comanda }) {
  const mine = comanda.session.user;
  const fields = (user) => [
    { name: 'name', label: t('admin.name'), value: user?.name },
    { name: 'email', label: t('login.email'), type: 'email', value: user?.email },
    { name: 'role', label: t('admin.role'), type: 'select', value: user?.role, options: roles(mine.role) },
    {
      name: 'password',
      label: user ? t('admin.newPassword') : t('login.password'),
      type: 'password',
      hint: user ? t('admin.passwordKept') : t('admin.passwordLength'),
      autocomplete: 'new-password',
    },
  ];
  const change = (user) => ask(user.name, {
    fields: fields(user),
    label: t('dialog.keep'),
    changed: true,
    send: (body, key) => api.request({ method: 'PATCH', path: `/api/v1/users/${user.id}`, body, key }),
  });
  const remove = async (user) => {
    const sure = await confirm(t('admin.removeUser', { name: user.name }), t('admin.removeUserHow'), t('admin.remove'));
    return sure && ((await api.request({ method: 'DELETE', path: `/api/v1/users/${user.id}`, key: randomKey() })) ?? true);
  };
  return {
    title: t('admin.users'),
    empty: t('admin.noUsers'),
    load: () => api.list('/api/v1/users'),
    search: ({ name, email }) => `${name} ${email}`,
    columns: [
      { label: t('admin.name'), cell: ({ name, id }) => (id === mine.id ? t('admin.you', { name }) : name) },
      { label: t('login.email'), cell: ({ email }) => email },
      { label: t('admin.role'), cell: ({ role }) => t(`role.${role}`) },
    ],
    add: {
      label: t('admin.addUser'),
      act: () => ask(t('admin.addUser'), {
        fields: fields(null),
        label: t('admin.add'),
        send: (body, key) => api.request({ method: 'POST', path: '/api/v1/users', body, key }),
      }),
    },
    // Owners are owners' to change.
    acts: (user) => (user.role === 'OWNER' && mine.role !== 'OWNER') ? [] : [
      { label: t('admin.change'), icon: 'edit', act: change },
      user.id !== mine.id && { label: t('admin.remove'), icon: 'trash', act: remove, danger: true },
    ].filter(Boolean),
  };
}

export function invites({ api, comanda }) {
  const mine = comanda.session.user.role;
  const invite = async () => {
    const made = await ask(t('admin.invite'), {
      label: t('admin.invite'),
      fields: [
        { name: 'role', label: t('admin.role'), type: 'select', options: roles(mine) },
        { name: 'note', label: t('admin.inviteFor'), hint: t('admin.optional') },
      ],
      send: (body) => api.request({ method: 'POST', path: '/api/v1/invites', body }),
    });
    if (made) {
      const until = t('admin.inviteHow', { role: t(`role.${made.role}`), until: date(Date.parse(made.expiresAt)) });
      await show(t('admin.inviteCode'), el('p', { class: 'secret' }, made.code), el('p', {}, until));
    }
    return made;
  };
  const revoke = async (one) => {
    const sure = await confirm(t('admin.revoke'), t('admin.revokeHow'), t('admin.revoke'));
    return sure && ((await api.request({ method: 'DELETE', path: `/api/v1/invites/${one.id}` })) ?? true);
  };
  return {
    title: t('admin.invites'),
    empty: t('admin.noInvites'),
    load: () => api.list('/api/v1/invites'),
    columns: [
      { label: t('admin.inviteFor'), cell: ({ note }) => note ?? '–' },
      { label: t('admin.role'), cell: ({ role }) => t(`role.${role}`) },
      { label: t('admin.state'), cell: ({ status }) => t(`invite.${status}`) },
      { label: t('admin.until'), cell: ({ expiresAt }) => date(Date.parse(expiresAt)) },
    ],
    add: { label: t('admin.invite'), act: invite },
    acts: ({ status }) => (status === 'PENDING' ? [{ label: t('admin.revoke'), icon: 'trash', act: revoke, danger: true }] : []),
  };
}
