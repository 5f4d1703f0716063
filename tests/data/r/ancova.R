# Makes ancova.json: a number by groups with covariates held equal, by R itself.
# Run: Rscript tests/data/r/ancova.R   (R 4.2 with jsonlite, car, emmeans)
suppressMessages({library(jsonlite); library(car); library(emmeans)})
options(warn = -1)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
ancova <- function(name, y, g, x) {
  g <- factor(g); x <- as.matrix(x); dimnames(x) <- NULL; given <- list(y = y, x = x)
  # Tests and differences do not depend on where zero is, the digits of lm's sums of squares do.
  level <- round(mean(y)); y <- y - level; x <- sweep(x, 2, round(colMeans(x))); fit <- lm(y ~ g + x)
  full <- deviance(fit); dfe <- df.residual(fit); k <- nlevels(g)
  drop <- function(smaller, df) { f <- (deviance(smaller) - full) / df / (full / dfe)
    c(f, pf(f, df, dfe, lower.tail = FALSE), (deviance(smaller) - full) / deviance(smaller)) }
  terms <- c(list(drop(lm(y ~ x), k - 1)), lapply(seq_len(ncol(x)), function(i)
    drop(if (ncol(x) > 1) lm(y ~ g + x[, -i]) else lm(y ~ g), 1)))
  slopes <- anova(fit, lm(y ~ g * x))
  d <- data.frame(y = y, g = g, x); named <- lm(y ~ ., d)
  means <- emmeans(named, "g"); s <- summary(means); p <- summary(pairs(means, adjust = "holm"))
  cases[[length(cases) + 1]] <<- list(name = name, y = given$y, g = as.integer(g), x = given$x, expected = list(
    terms = terms, df_error = dfe, slopes = c(slopes$F[2], slopes[["Pr(>F)"]][2]),
    means = level + s$emmean, low = level + s$lower.CL, high = level + s$upper.CL, difference = p$estimate, t = p$t.ratio, p = p$p.value))
}
ancova("chicks of mtcars", mtcars$mpg, mtcars$cyl, mtcars["wt"])
ancova("anorexia", MASS::anorexia$Postwt, MASS::anorexia$Treat, MASS::anorexia["Prewt"])
ancova("iris, two covariates", iris$Sepal.Length, iris$Species, iris[c("Petal.Length", "Petal.Width")])
ancova("birth weights", MASS::birthwt$bwt, MASS::birthwt$race, MASS::birthwt[c("age", "lwt")])
ancova("two groups", mtcars$qsec, mtcars$am, mtcars[c("hp", "disp", "wt")])
ancova("no covariate of use", ToothGrowth$len, ToothGrowth$dose, data.frame(x = seq_len(60) %% 7))
ancova("seven rows", c(3.1, 4.2, 5.8, 4.4, 6.1, 7.9, 8.2), c(1, 1, 1, 2, 2, 2, 2), data.frame(x = c(1, 2, 4, 1, 3, 4, 6)))
set.seed(3); x <- round(rnorm(60, 1e5, 4), 4); g <- rep(1:3, c(4, 16, 40))
ancova("far from zero, uneven groups", round(1e6 + x / 9 + g + rnorm(60), 4), g, data.frame(x = x))
ancova("four covariates", swiss$Fertility, swiss$Catholic > 50, swiss[c("Agriculture", "Examination", "Education", "Infant.Mortality")])
ancova("hardly anything there", round(rnorm(40), 6), rep(1:4, 10), data.frame(x = round(rnorm(40), 6), z = rep(1:8, 5)))
write_json(list(about = "Made by ancova.R with R", r = R.version.string, cases = cases),
           file.path(here, "ancova.json"), digits = I(17), auto_unbox = TRUE, null = "null")
