using System.Collections.Immutable;
using AtomProNet.Calculations;
using AtomProNet.Evaluation.Elasticity;
using AtomProNet.Evaluation.EquationsOfState;
using AtomProNet.Plots;

namespace AtomProNet.Evaluation;

/// <summary>The figures of results: equations of state, elastic constants, the course of calculations.</summary>
public static class EvaluationFigures
{
    /// <summary>What has figures, in words.</summary>
    public const string Known = "equations of state (Measure-EquationOfState), elastic constants (Measure-ElasticConstant), speeds of dynamics (Measure-MDBenchmark), verdicts on calculations (Test-DftConvergence)";

    /// <summary>The figures of results; those of one kind are drawn together.</summary>
    /// <param name="results">The results, in the order of their kinds.</param>
    /// <param name="names">What they are called, one each; empty: their own names.</param>
    /// <exception cref="AtomProNetException">A result has no figure, or there is not one name for each.</exception>
    public static ImmutableArray<Figure> Of(ImmutableArray<object> results, ImmutableArray<string> names = default)
    {
        if (!names.IsDefaultOrEmpty && names.Length != results.Length)
        {
            throw new AtomProNetException(ErrorKind.InvalidArgument, "NameCountMismatch", $"There are {names.Length} names for {results.Length} results.", remedy: "Give one name for each result (-Name).");
        }

        foreach (object result in results)
        {
            if (result is MlipError)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "FigureInReport", "The figures of errors belong to their report.", remedy: "Pipe the errors to Export-MlipReport -FigurePath FOLDER.");
            }

            if (result is not (EquationOfState or ElasticConstants or CalculationVerdict))
            {
                throw new AtomProNetException(ErrorKind.NotSupported, "FigureUnknown", $"There is no figure of a {result.GetType().Name}.", value: result.ToString(), remedy: $"Give {Known}.");
            }
        }

        CalculationVerdict[] verdicts = [.. results.OfType<CalculationVerdict>().Where(v => v.StepCount > 1)];
        return
        [
            .. EquationOfStateFigures.Of([.. results.OfType<EquationOfState>()], NamesOf<EquationOfState>()),
            .. ElasticFigures.Of([.. results.OfType<ElasticConstants>()], NamesOf<ElasticConstants>()),
            .. verdicts.SelectMany((v, i) => ((Figure[])[VerdictFigures.Forces(v), VerdictFigures.PressureAndEnergy(v)]).Select(f => verdicts.Length == 1 ? f : f with { Name = FormattableString.Invariant($"{f.Name}-{i + 1}") })),
        ];

        ImmutableArray<string> NamesOf<T>() => names.IsDefaultOrEmpty ? [] : [.. results.Zip(names).Where(p => p.First is T).Select(p => p.Second)];
    }
}
