// dump: bytecode
function risky(f) {
  try {
    return f();
  } catch (error) {
    if (error instanceof TypeError) throw error;
    return error.message;
  } finally {
    done();
  }
}
