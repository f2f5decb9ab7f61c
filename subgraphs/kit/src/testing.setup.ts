// Decorators write their metadata while modules load, so this comes before all of them.
import 'reflect-metadata';
