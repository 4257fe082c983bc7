namespace Vorel.Core.Errors;

/// <summary>The request is wrong; it says everything that is, at once.</summary>
public sealed class ValidationException(IReadOnlyList<FieldError> errors)
    : ProblemException(ProblemCodes.ValidationError, "The request is not valid.")
{
    /// <summary>One error.</summary>
    public ValidationException(string pointer, string message)
        : this([new FieldError(pointer, message)])
    {
    }

    /// <summary>What is wrong, in the order of the request.</summary>
    public IReadOnlyList<FieldError> Errors { get; } = errors;
}
