// Tickets into columns: oldest first, down and then right; what does not fit goes on at the top of the next column. Pure.

// `tickets`: `{key, head, lines: [height…], foot, continued}`, heights in px; `continued` is that of the word in a head's
// place. Answers columns of pieces `{key, from, to, first, last, top, height}`: the lines from..to of a ticket, with its head
// where `first`, or a word that it is continued, and its foot where `last`; `top` is below the column's top.
export function layout(tickets, { height, gap }) {
  const columns = [];
  let column = null;
  let left = 0;
  const open = () => {
    column = [];
    columns.push(column);
    left = height;
  };
  for (const { key, head, lines, foot, continued } of tickets) {
    const whole = head + lines.reduce((sum, line) => sum + line, 0) + foot;
    let need = column?.length ? gap : 0;
    // A ticket that fits into one column is not torn; one that never fits begins where it is, if two lines of it fit there.
    const begins = need + head + (lines[0] ?? 0) + (lines[1] ?? 0) + (lines.length < 3 ? foot : 0);
    if (!column || (whole <= height ? need + whole > left : begins > left)) {
      open();
      need = 0;
    }
    left -= need;
    let from = 0;
    do {
      const top = height - left;
      left -= from === 0 ? head : continued;
      let to = from;
      while (to < lines.length && lines[to] + (to === lines.length - 1 ? foot : 0) <= left) {
        left -= lines[to];
        to += 1;
      }
      // A line taller than a column is shown all the same.
      if (to === from && lines.length > from) {
        left -= lines[to];
        to += 1;
      }
      const last = to === lines.length;
      if (last) left -= foot;
      column.push({ key, from, to, first: from === 0, last, top, height: height - left - top });
      if (!last) open();
      from = to;
    } while (from < lines.length);
  }
  return columns;
}
