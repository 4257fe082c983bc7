namespace Vorel.Core.Errors;

/// <summary>There is nothing with this id for this tenant.</summary>
/// <param name="what">What kind of thing was asked for, for example <c>lead</c>.</param>
public sealed class NotFoundException(string what) : ProblemException(ProblemCodes.NotFound, $"There is no such {what}.")
{
    /// <summary>What kind of thing was asked for.</summary>
    public string What { get; } = what;
}
