"""NFCom, model 62, layout 1.00: Ajuste SINIEF 7/2022 and the MOC NFCom 1.00a with its technical notes."""
