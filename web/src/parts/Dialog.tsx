// What opens over a screen, a dialog in its middle or a drawer at its right; Escape closes the uppermost alone.
import { Drawer as MantineDrawer, type DrawerProps, Modal, type ModalProps } from "@mantine/core";
import { useEscape } from "./uppermost";

const CLOSE = { "aria-label": "Fechar" };

export function Dialog(props: Omit<ModalProps, "opened">) {
  useEscape(props.onClose);
  return <Modal {...props} opened closeOnEscape={false} closeButtonProps={CLOSE} />;
}

export function Drawer(props: Omit<DrawerProps, "opened">) {
  useEscape(props.onClose);
  return <MantineDrawer position="right" {...props} opened closeOnEscape={false} closeButtonProps={CLOSE} />;
}
