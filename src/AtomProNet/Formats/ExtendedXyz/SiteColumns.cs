namespace AtomProNet.Formats.ExtendedXyz;

/// <summary>
/// Columns that have another name in ASE's files than as site properties: <c>initial_magmoms</c> is <c>magmom</c>, and
/// <c>move_mask</c> (true = free to move) is <c>selective_dynamics</c>.
/// </summary>
internal static class SiteColumns
{
    public const string InitialMoments = "initial_magmoms";
    public const string MagneticMoment = "magmom";
    private const string MoveMask = "move_mask";
    private const string SelectiveDynamics = "selective_dynamics";

    /// <summary>The name of the site property that a column becomes.</summary>
    public static string ToSiteProperty(Column column, ColumnTable table) => (column.Name, column.Kind, column.Width) switch
    {
        (InitialMoments, ColumnKind.Real, _) when !Has(table, MagneticMoment) => MagneticMoment,
        (MoveMask, ColumnKind.Logical, 3) when !Has(table, SelectiveDynamics) => SelectiveDynamics,
        _ => column.Name,
    };

    private static bool Has(ColumnTable table, string name)
    {
        foreach (Column column in table.Columns)
        {
            if (column.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}
