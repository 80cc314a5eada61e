import { createTheme } from "@mantine/core";

/** A list that opens is the element that scrolls, and none opens because the focus passed through it. */
const LIST = { openOnFocus: false, withScrollArea: false, styles: { options: { maxHeight: 220, overflowY: "auto" } } };

/** Contrast of 4.5 or more, text on white and white on colour (WCAG 1.4.3); input borders 3.0 (1.4.11). */
export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: 7,
  colors: {
    brand: ["#eef7f6", "#e3f2f0", "#c4e3df", "#9dd0c9", "#6bb5ab", "#3d978b", "#1c8075", "#0b6e63", "#095b52", "#07493f"],
    red: ["#fdecea", "#fbdcd8", "#f3b5ae", "#ea8c82", "#e06a5e", "#d24d40", "#c43326", "#b42318", "#981b12", "#7c150d"],
  },
  black: "#1b2430",
  fontFamily: '"Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontSizes: { xs: "12px", sm: "13px", md: "13px", lg: "15px", xl: "18px" },
  defaultRadius: 6,
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "xs" }, styles: { root: { minHeight: 24 } } }, // as Radio
    TextInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs", checkIconPosition: "right", ...LIST } },
    MultiSelect: { defaultProps: { size: "xs", ...LIST } },
    Checkbox: { defaultProps: { size: "xs" } },
    Radio: { defaultProps: { size: "md" } }, // 24 px, the least target (WCAG 2.5.8)
  },
});
