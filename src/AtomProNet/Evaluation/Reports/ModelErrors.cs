using System.Collections.Immutable;

namespace AtomProNet.Evaluation.Reports;

/// <summary>The errors of one model in every quantity.</summary>
/// <param name="Name">What the report calls the model.</param>
/// <param name="Errors">One object a quantity.</param>
public sealed record ModelErrors(string Name, ImmutableArray<MlipError> Errors)
{
    /// <summary>The error of a quantity; null where it was not compared or no frame has it on both sides.</summary>
    public MlipError? Of(ErrorQuantity quantity) => Errors.FirstOrDefault(e => e.Quantity == quantity && e.Count > 0);

    /// <summary>
    /// Puts the errors of several models together as they come down a pipeline: by the name that they carry; without one, a quantity that
    /// comes again begins the next model.
    /// </summary>
    /// <param name="errors">Errors of one or several models.</param>
    /// <exception cref="AtomProNetException">A model has two errors of one quantity.</exception>
    public static ImmutableArray<ModelErrors> Together(IEnumerable<MlipError> errors)
    {
        var models = new List<(string? Name, List<MlipError> Errors)>();
        foreach (MlipError error in errors)
        {
            int at = error.Model is null
                ? models.FindLastIndex(m => m.Name is null)
                : models.FindIndex(m => m.Name == error.Model);
            bool isRepeated = at >= 0 && models[at].Errors.Exists(e => e.Quantity == error.Quantity);
            if (isRepeated && error.Model is { } name)
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ModelRepeated", $"There are two errors of {error.Quantity} for the model '{name}'.", value: name, remedy: "Give each model a name of its own: Measure-MlipError … -Model NAME.");
            }

            if (at < 0 || isRepeated)
            {
                models.Add((error.Model, []));
                at = models.Count - 1;
            }

            models[at].Errors.Add(error);
        }

        bool isAlone = models.Count == 1;
        int unnamed = 0;
        return [.. models.Select(m => new ModelErrors(m.Name ?? (isAlone ? "model" : FormattableString.Invariant($"model {++unnamed}")), [.. m.Errors]))];
    }
}
