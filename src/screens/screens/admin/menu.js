// The menu: dishes, whether there are any left, and the categories they stand in.

import { randomKey } from '/comanda.js';
import { courses } from '../courses.js';
import { el } from '../dom.js';
import { date, money, t } from '../words.js';
import { ask, confirm } from './forms.js';

export function dishes({ api, comanda }) {
  const fields = (dish, categories) => [
    { name: 'name', label: t('admin.name'), value: dish?.name },
    { name: 'category', label: t('admin.category'), type: 'select', value: dish?.category, options: categories.map(({ name }) => [name, name]) },
    { name: 'price', label: t('admin.price', { currency: comanda.board.currency ?? '' }), type: 'number', value: dish?.price, min: 0, step: 0.01 },
    { name: 'course', label: t('admin.course'), type: 'select', value: dish?.course ?? '', keep: Boolean(dish), options: [['', '–'], ...courses(dish?.course)] },
    {
      name: 'station',
      label: t('kitchen.station'),
      type: 'select',
      value: dish?.station ?? '',
      keep: Boolean(dish),
      options: [['', t('admin.byCategory')], ...comanda.board.stations.map(({ name }) => [name, name])],
    },
  ];
  const write = async (dish) => ask(dish?.name ?? t('admin.addDish'), {
    label: dish ? t('dialog.keep') : t('admin.add'),
    changed: Boolean(dish),
    fields: fields(dish, (await api.list('/api/v1/menu/categories')).sort((a, b) => a.position - b.position)),
    send: (body, key) => (dish
      ? api.request({ method: 'PATCH', path: `/api/v1/menu/items/${dish.id}`, body, key })
      : api.request({ method: 'POST', path: '/api/v1/menu/items', body, key })),
  });
  const put = (dish, body, key = randomKey()) => api.request({ method: 'PUT', path: `/api/v1/menu/items/${dish.id}/availability`, body, key });
  const count = (dish) => ask(t('admin.stock', { name: dish.name }), {
    label: t('dialog.keep'),
    fields: [{ name: 'remaining', label: t('admin.remaining'), type: 'number', value: dish.remaining, min: 1, hint: t('admin.remainingHow') }],
    send: (body, key) => put(dish, { state: 'available', ...body }, key),
  });
  const remove = async (dish) => {
    const sure = await confirm(t('admin.removeThing', { name: dish.name }), t('admin.removeDishHow'), t('admin.remove'));
    return sure && ((await api.request({ method: 'DELETE', path: `/api/v1/menu/items/${dish.id}`, key: randomKey() })) ?? true);
  };
  return {
    title: t('admin.dishes'),
    empty: t('admin.noDishes'),
    load: () => api.get('/api/v1/menu'),
    search: ({ name, category }) => `${name} ${category}`,
    columns: [
      { label: t('admin.name'), cell: ({ name }) => name },
      { label: t('admin.category'), cell: ({ category }) => category },
      { label: t('admin.amount'), number: true, cell: ({ price }) => money(price, comanda.board.currency) },
      { label: t('kitchen.station'), cell: ({ station }) => station ?? t('admin.byCategory') },
      { label: t('admin.state'), cell: state },
    ],
    add: { label: t('admin.addDish'), act: () => write(null) },
    acts: ({ available }) => [
      available
        ? { label: t('admin.sellOut'), icon: 'close', act: (dish) => put(dish, { state: 'sold_out' }) }
        : { label: t('admin.restock'), icon: 'check', act: (dish) => put(dish, { state: 'available' }) },
      { label: t('admin.count_'), icon: 'note', act: count },
      { label: t('admin.change'), icon: 'edit', act: write },
      { label: t('admin.remove'), icon: 'trash', act: remove, danger: true },
    ],
  };
}

function state({ available, remaining, until }) {
  const words = available ? (remaining === null ? t('admin.available') : t('waiter.left', { n: remaining })) : t('waiter.soldOut');
  const end = until && ` · ${t('admin.untilTime', { when: date(Date.parse(until)) })}`;
  return el('span', { class: 'chip', 'data-mood': available ? 'good' : 'bad' }, words, end);
}

export function categories({ api }) {
  const fields = (category) => [
    { name: 'name', label: t('admin.name'), value: category?.name },
    { name: 'position', label: t('admin.position'), type: 'number', value: category?.position, min: 0, hint: category ? null : t('admin.positionHow') },
  ];
  const write = (category) => ask(category?.name ?? t('admin.addCategory'), {
    label: category ? t('dialog.keep') : t('admin.add'),
    changed: Boolean(category),
    fields: fields(category),
    send: (body, key) => (category
      ? api.request({ method: 'PATCH', path: `/api/v1/menu/categories/${category.id}`, body, key })
      : api.request({ method: 'POST', path: '/api/v1/menu/categories', body, key })),
  });
  const remove = async (category) => {
    const sure = await confirm(t('admin.removeThing', { name: category.name }), t('admin.removeCategoryHow'), t('admin.remove'));
    return sure && ((await api.request({ method: 'DELETE', path: `/api/v1/menu/categories/${category.id}`, key: randomKey() })) ?? true);
  };
  return {
    title: t('waiter.categories'),
    empty: t('admin.noCategories'),
    load: async () => (await api.list('/api/v1/menu/categories')).sort((a, b) => a.position - b.position || a.name.localeCompare(b.name)),
    columns: [
      { label: t('admin.name'), cell: ({ name }) => name },
      { label: t('admin.position'), number: true, cell: ({ position }) => String(position) },
    ],
    add: { label: t('admin.addCategory'), act: () => write(null) },
    acts: () => [
      { label: t('admin.change'), icon: 'edit', act: write },
      { label: t('admin.remove'), icon: 'trash', act: remove, danger: true },
    ],
  };
}
