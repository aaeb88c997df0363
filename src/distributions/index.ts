export { type Bernoulli, bernoulli, type BernoulliParameters } from "./bernoulli.ts";
export { type Categorical, categorical, type CategoricalParameters } from "./categorical.ts";
export { type MultivariateNormal, multivariateNormal, type MultivariateNormalParameters } from "./multivariate-normal.ts";
export { normal, type Normal, type NormalParameters } from "./normal.ts";
export { type OneHotCategorical, oneHotCategorical } from "./one-hot-categorical.ts";
