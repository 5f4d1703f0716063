# Makes factorial.json: a number by two factors, by R itself.
# Run: Rscript tests/data/r/factorial.R   (R 4.2 with jsonlite, car, emmeans)
suppressMessages({library(jsonlite); library(car); library(emmeans)})
options(warn = -1, contrasts = c("contr.sum", "contr.poly"))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
ncp_f <- function(f, df, df_error) sapply(c(0.975, 0.025), function(p) {
  below <- function(x) pf(f, df, df_error, ncp = x) - p
  if (below(0) <= 0) return(0)
  high <- 2 * f * df + 10
  while (below(high) > 0) high <- 2 * high
  uniroot(below, c(0, high), tol = 1e-13, maxiter = 10000)$root
})
factorial <- function(name, y, a, b) {
  a <- factor(a); b <- factor(b); fit <- lm(y ~ a * b)
  two <- Anova(fit, type = 2); three <- Anova(fit, type = 3)[2:5, ]
  robust <- if (min(table(a, b)) > 1) Anova(fit, type = 3, white.adjust = "hc3")[2:4, ]
  shares <- function(t) lapply(1:3, function(i) {
    eta <- t[i, "Sum Sq"] / (t[i, "Sum Sq"] + t[4, "Sum Sq"])
    ncp <- ncp_f(t[i, "F value"], t[i, "Df"], t[4, "Df"]); c(eta, ncp / (ncp + t[4, "Df"]))
  })
  simple <- summary(pairs(emmeans(fit, ~ a | b)), by = NULL, adjust = "holm")
  cases[[length(cases) + 1]] <<- list(name = name, y = y, a = as.integer(a), b = as.integer(b), expected = list(
    two = list(f = two[1:3, "F value"], p = two[1:3, "Pr(>F)"], df = two[, "Df"], eta = shares(two)),
    three = list(f = three[1:3, "F value"], p = three[1:3, "Pr(>F)"], eta = shares(three)),
    robust = if (!is.null(robust)) list(f = robust[, "F"], p = robust[, "Pr(>F)"]),
    simple = list(estimate = simple$estimate, t = simple$t.ratio, p = simple$p.value)))
}
factorial("warpbreaks", warpbreaks$breaks, warpbreaks$wool, warpbreaks$tension)
factorial("tooth growth", ToothGrowth$len, ToothGrowth$supp, ToothGrowth$dose)
factorial("unbalanced quine", MASS::quine$Days, MASS::quine$Eth, MASS::quine$Sex)
factorial("birth weights", MASS::birthwt$bwt, MASS::birthwt$race, MASS::birthwt$smoke)
factorial("mtcars", mtcars$mpg, mtcars$am, mtcars$vs)
factorial("a cell of one", mtcars$qsec, mtcars$am, mtcars$cyl)
set.seed(1); y <- round(rnorm(200, 1e5, 3), 4)
factorial("far from zero", y + rep(1:4, 50), rep(1:4, 50), sample(1:3, 200, TRUE))
factorial("tiny", c(1, 3, 2, 6, 8, 5, 4, 9, 7), c(1, 1, 1, 1, 1, 2, 2, 2, 2), c(1, 1, 2, 2, 2, 1, 1, 2, 2))
factorial("one row in a cell", c(1, 3, 2, 6, 8, 5, 4, 9), c(1, 1, 1, 1, 1, 2, 2, 2), c(1, 1, 2, 2, 2, 1, 2, 2))
factorial("four by two, uneven", MASS::quine$Days, as.integer(MASS::quine$Age), MASS::quine$Sex)
factorial("chicks by time and diet", ChickWeight$weight, ChickWeight$Time %/% 6, ChickWeight$Diet)
factorial("very unequal spreads", round(rnorm(90, 0, rep(c(0.1, 1, 10), 30)), 6), rep(1:3, 30), rep(1:2, 45))
write_json(list(about = "Made by factorial.R with R", r = R.version.string, cases = cases),
           file.path(here, "factorial.json"), digits = I(17), auto_unbox = TRUE, null = "null", na = "null")
