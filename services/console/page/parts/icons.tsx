/** Shapes that say the same as their colour; words always stand beside them. */
const paths = {
  good: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm-1.4 14.4-4.3-4.3 1.7-1.7 2.6 2.6 5.4-5.4 1.7 1.7-7.1 7.1Z',
  warning: 'M12 2.5 1.2 21.5h21.6L12 2.5Zm-1.2 7h2.4v6h-2.4v-6Zm0 7.6h2.4v2.4h-2.4v-2.4Z',
  bad: 'M7.8 2h8.4L22 7.8v8.4L16.2 22H7.8L2 16.2V7.8L7.8 2Zm.9 5-1.7 1.7 3.3 3.3L7 15.3 8.7 17l3.3-3.3 3.3 3.3 1.7-1.7-3.3-3.3L17 8.7 15.3 7 12 10.3 8.7 7Z',
  neutral: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 2.4a6.6 6.6 0 1 1 0 13.2 6.6 6.6 0 0 1 0-13.2Z',
  live: 'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10Z',
  sealed: 'M7 10V7a5 5 0 0 1 10 0v3h2v12H5V10h2Zm2.4 0h5.2V7a2.6 2.6 0 0 0-5.2 0v3Z',
  sun: 'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10Zm-1-6h2v4h-2V1Zm0 18h2v4h-2v-4ZM1 11h4v2H1v-2Zm18 0h4v2h-4v-2ZM3.5 4.9l1.4-1.4 2.9 2.8-1.5 1.5-2.8-2.9Zm12.7 12.8 1.5-1.5 2.8 2.9-1.4 1.4-2.9-2.8ZM3.5 19.1l2.8-2.9 1.5 1.5-2.9 2.8-1.4-1.4ZM16.2 6.3l2.9-2.8 1.4 1.4-2.8 2.9-1.5-1.5Z',
  moon: 'M20.5 14.6A9 9 0 0 1 9.4 3.5 9 9 0 1 0 20.5 14.6Z',
} as const;
export type ShapeName = keyof typeof paths;

export const Shape = ({ name }: { readonly name: ShapeName }) => <svg class="shape" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d={paths[name]} /></svg>;

export const Mark = () => <img class="mark" src="/mark.svg" alt="" width="28" height="28" />;
