# Makes studentized.json: the studentized range by its definition, integrated by R far more finely than ptukey does.
# Run: Rscript tests/data/r/studentized.R   (R 4.2 with jsonlite)
suppressMessages(library(jsonlite))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
# P(range of k normals > w) = 1 - k * integral of phi(z) (Phi(z) - Phi(z - w))^(k - 1)  (Copenhaver & Holland 1988)
range_tail <- function(w, k) sapply(w, function(one) 1 - k * integrate(
  function(z) dnorm(z) * (pnorm(z) - pnorm(z - one))^(k - 1), -9, 9 + one / 2, rel.tol = 1e-12, subdivisions = 2000)$value)
# averaged over the standard error s, of which df s^2 is chi2
tail <- function(q, k, df) {
  ends <- sqrt(qchisq(c(1e-18, 1), df) / df); ends[2] <- sqrt(qchisq(1e-18, df, lower.tail = FALSE) / df)
  integrate(function(s) range_tail(q * s, k) * 2 * df * s * dchisq(df * s^2, df), ends[1], ends[2],
            rel.tol = 1e-11, subdivisions = 2000)$value
}
grid <- expand.grid(q = c(0.5, 2, 3.7, 6), groups = c(2, 3, 6, 12), df = c(2.5, 4, 9.25, 30, 300))
grid$p <- mapply(tail, grid$q, grid$groups, grid$df)
wanted <- expand.grid(groups = c(3, 6), df = c(3, 11.5, 80))
wanted$q <- mapply(function(k, df) uniroot(function(q) tail(q, k, df) - 0.05, c(2, 14), tol = 1e-10)$root,
                   wanted$groups, wanted$df)
write_json(list(about = "Made by studentized.R with R", r = R.version.string, tails = grid, quantiles = wanted),
           file.path(here, "studentized.json"), digits = I(17))
