# Makes stratified.json: two categories in strata, by R itself. Base R has no Breslow-Day test: the cells that a
# common odds ratio leads to are searched here by uniroot, not by the quadratic that the product solves.
# Run: Rscript tests/data/r/stratified.R   (R 4.2 with jsonlite)
suppressMessages(library(jsonlite))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
breslow_day <- function(x, odds) {
  keep <- apply(x, 3, function(t) all(rowSums(t) > 0) && all(colSums(t) > 0)); x <- x[, , keep, drop = FALSE]
  if (dim(x)[3] < 2) return(NULL)
  expected <- apply(x, 3, function(t) { r <- sum(t[1, ]); k <- sum(t[, 1]); n <- sum(t)
    f <- function(a) log(a) + log(n - r - k + a) - log(r - a) - log(k - a) - log(odds)
    low <- max(0, r + k - n); high <- min(r, k); gap <- (high - low) * 1e-12
    uniroot(f, c(low + gap, high - gap), tol = 1e-14, maxiter = 10000)$root })
  a <- x[1, 1, ]
  variance <- sapply(seq_along(a), function(i) { t <- x[, , i]; e <- expected[i]
    1 / (1 / e + 1 / (sum(t[1, ]) - e) + 1 / (sum(t[, 1]) - e) + 1 / (t[2, 2] - t[1, 1] + e)) })
  statistic <- sum((a - expected)^2 / variance) - (sum(a) - sum(expected))^2 / sum(variance)
  list(statistic = statistic, df = length(a) - 1, p = pchisq(statistic, length(a) - 1, lower.tail = FALSE))
}
case <- function(name, x) {
  x <- unclass(x); dimnames(x) <- NULL; storage.mode(x) <- "double"  # integers overflow
  plain <- mantelhaen.test(x, correct = FALSE)
  out <- list(statistic = plain$statistic[[1]], df = plain$parameter[[1]], p = plain$p.value)
  if (all(dim(x)[1:2] == 2)) {
    corrected <- mantelhaen.test(x); exact <- mantelhaen.test(x, exact = TRUE)
    out <- c(out, list(corrected = c(corrected$statistic[[1]], corrected$p.value), exact = exact$p.value,
      odds = c(plain$estimate[[1]], plain$conf.int), breslow = breslow_day(x, plain$estimate[[1]])))
    out$odds90 <- as.numeric(mantelhaen.test(x, conf.level = 0.9)$conf.int)
  }
  fit <- loglin(x, list(1:2, c(1, 3), 2:3), eps = 1e-12, iter = 1e5, print = FALSE)
  whole <- all(apply(x, 1:2, sum) > 0, apply(x, c(1, 3), sum) > 0, apply(x, 2:3, sum) > 0)
  if (whole) out$alike <- c(fit$lrt, fit$df, pchisq(fit$lrt, fit$df, lower.tail = FALSE))
  tables <- lapply(seq_len(dim(x)[3]), function(i) x[, , i])
  cases[[length(cases) + 1]] <<- list(name = name, data = tables, expected = out)
}
case("admissions at Berkeley", UCBAdmissions)
case("rabbits given penicillin", array(c(0, 0, 6, 5, 3, 0, 3, 6, 6, 2, 0, 4, 5, 6, 1, 0, 2, 5, 0, 0), c(2, 2, 5)))
case("Titanic by class", apply(Titanic, c(2, 4, 1), sum))
case("oesophageal cancer by age", with(esoph, {
  d <- data.frame(case = ncases, control = ncontrols, drinks = alcgp %in% c("80-119", "120+"), age = agegp)
  s <- aggregate(cbind(case, control) ~ drinks + age, d, sum)
  array(rbind(s$case, s$control), c(2, 2, nlevels(agegp))) }))
pairs <- with(infert, table(case, induced = induced > 0, stratum)); case("infertility, matched sets", pairs)
case("job satisfaction", array(c(1, 2, 0, 0, 3, 3, 1, 2, 11, 17, 8, 4, 2, 3, 5, 2, 1, 0, 0, 0, 1, 3, 0, 1, 2, 5, 7, 9, 1, 1, 3, 6),
  c(4, 4, 2)))
case("hair by eyes by sex", HairEyeColor)
case("births by race and smoking", with(MASS::birthwt, table(race, low, smoke)))
set.seed(5); case("large counts", array(rpois(24, 4000), c(2, 2, 6)))
case("three by two by four", array(rpois(24, 12), c(3, 2, 4)))
write_json(list(about = "Made by stratified.R with R", r = R.version.string, cases = cases),
           file.path(here, "stratified.json"), digits = NA, auto_unbox = TRUE, null = "null")
