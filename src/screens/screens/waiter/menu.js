// The menu on this tablet: kept for when there is no network, asked for again when the server says that something changed.

const KEY = 'menu';

export class Menu extends EventTarget {
  dishes = [];
  categories = [];

  constructor(comanda) {
    super();
    this.comanda = comanda;
    comanda.addEventListener('event', ({ detail }) => {
      if (detail.event === 'menu.item.availability.changed') this.#available(detail.data);
    });
    // Dishes and prices change without an event.
    comanda.addEventListener('link', ({ detail }) => detail.state === 'live' && this.load());
  }

  async open() {
    const kept = await this.comanda.storage.get(KEY);
    this.#take(kept?.restaurant === this.comanda.session.restaurant ? kept.dishes : []);
  }

  async load() {
    try {
      const dishes = await this.comanda.api.get('/api/v1/menu');
      this.#take(dishes);
      await this.comanda.storage.put(KEY, { restaurant: this.comanda.session.restaurant, dishes });
    } catch {
      // What is kept serves on; the link's bar says that the server is away.
    }
  }

  // Of a category, or what a search finds in all of them.
  find({ category, text }) {
    const wanted = plain(text);
    return this.dishes.filter((dish) => (wanted ? plain(dish.name).includes(wanted) : dish.category === category));
  }

  #available({ menuItemId, state, remaining, until }) {
    const change = { available: state === 'available', remaining, until };
    this.#take(this.dishes.map((dish) => (dish.id === menuItemId ? { ...dish, ...change } : dish)));
  }

  #take(dishes) {
    this.dishes = dishes;
    this.categories = [...new Set(dishes.map(({ category }) => category))];
    this.dispatchEvent(new CustomEvent('change'));
  }
}

// Without accents and capitals: "jamon" finds Jamón.
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
