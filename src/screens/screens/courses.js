// The courses that the floor knows, and what each is called.

import { t } from './words.js';

export const COURSES = ['drink', 'starter', 'main', 'dessert'];

// A restaurant may have others of its own: those are called as they are.
export const courseName = (course) => (COURSES.includes(course) ? t(`course.${course}`) : course);

// `[value, label]` of those to choose from; `own` is one more, where it is another.
export function courses(own) {
  const all = own && !COURSES.includes(own) ? [...COURSES, own] : COURSES;
  return all.map((course) => [course, courseName(course)]);
}
