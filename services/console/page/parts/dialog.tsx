/** A window over the page: the browser keeps the focus in it; it goes back to where it was, and Escape closes it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePage } from '../context';

interface DialogProps { readonly title: string; readonly onClose: () => void; readonly onBack?: (() => void) | undefined; readonly back?: string; readonly children: ComponentChildren }

/** `onBack`: to what stood in it before; the title is told anew when it changes. */
export function Dialog({ title, onClose, onBack, back, children }: DialogProps) {
  const { t } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const [shown, opener] = [dialog.current, document.activeElement];
    shown?.showModal();
    return () => {
      shown?.close();
      /** The browser gives it back only to whoever closes a window that is still in the document. */
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  useEffect(() => {
    heading.current?.focus();
    dialog.current?.scrollTo(0, 0);
  }, [title]);
  return (
    <dialog ref={dialog} class="explanation" aria-labelledby="dialog-title" onCancel={(event) => { event.preventDefault(); onClose(); }}>
      <div class="title-row">
        <h2 id="dialog-title" tabIndex={-1} ref={heading}>{title}</h2>
        <span class="tools">
          {onBack && <button type="button" onClick={onBack}>{back}</button>}
          <button type="button" onClick={onClose}>{t('page.close')}</button>
        </span>
      </div>
      {children}
    </dialog>
  );
}
