namespace Vorel.Core.Errors;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901) into the body, or <c>?name</c> for a query parameter.</param>
/// <param name="Message">What is wrong, in our words, without the value.</param>
public sealed record FieldError(string Pointer, string Message);
